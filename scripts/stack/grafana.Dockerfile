# Stands in for grafana/grafana: a checker of what Grafana would read and ask, at Grafana's paths, as Grafana's
# user, on Grafana's port. It is not Grafana.
FROM @NODE@
ENV GF_PATHS_DATA=/var/lib/grafana GF_PATHS_PROVISIONING=/etc/grafana/provisioning
COPY curl/usr/ /usr/
COPY checker/ /usr/share/grafana/
COPY --chown=472:0 data/ /var/lib/grafana/
USER 472
EXPOSE 3000
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning", "/usr/share/grafana/main.ts"]
