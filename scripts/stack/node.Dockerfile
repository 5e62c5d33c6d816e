# Stands in for node:22-bookworm-slim: Debian's files and the registry's Node, no package manager of Debian.
FROM scratch
COPY root/ /
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
