# Stands in for prom/prometheus: Debian's server and promtool; user, paths and busybox as in the original.
FROM scratch
COPY root/ /
COPY --chown=65534:65534 data/ /prometheus/
USER nobody
EXPOSE 9090
VOLUME ["/prometheus"]
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
