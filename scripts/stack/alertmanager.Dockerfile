# Stands in for prom/alertmanager: Debian's server and amtool; user, paths and busybox as in the original.
FROM scratch
COPY root/ /
COPY --chown=65534:65534 data/ /alertmanager/
USER nobody
EXPOSE 9093
VOLUME ["/alertmanager"]
WORKDIR /alertmanager
ENTRYPOINT ["/bin/alertmanager"]
CMD ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"]
