# shellcheck shell=bash
# Images that stand in for public ones, which cannot be pulled everywhere. Sourced by scripts/stack.sh.
# Each bears the very name that deploy/Dockerfile or compose.yaml asks for, keeps user, paths and entry
# point of the original, and is labelled as what it is.

make_images() {
  local name role
  for role in node prometheus alertmanager grafana; do
    name=$("name_$role")
    [[ -n $name ]] || fail "$role: the tree names no image for it"
    make_image "$role" "$name"
  done
}

# The names are read where they are used, so that a new tag needs no second edit.
name_node() { sed -nE 's/^ARG NODE_IMAGE=(.+)$/\1/p' "$root/deploy/Dockerfile"; }
name_prometheus() { compose_default PROMETHEUS_IMAGE; }
name_alertmanager() { compose_default ALERTMANAGER_IMAGE; }
name_grafana() { compose_default GRAFANA_IMAGE; }
compose_default() { sed -nE "s/.*\\$\\{$1:-([^}]+)\\}.*/\\1/p" "$root/compose.yaml" | head -n 1; }

make_image() {
  local role=$1 name=$2 context=$stack/.context-$1 label state=kept version
  rm -rf "$context"
  mkdir -p "$context"
  version=$("context_$role" "$context")
  # What an image is made of; hard links and copies keep the times of what was fetched.
  label=$(find "$context" -type f -printf '%P %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c 1-16)
  if [[ $(docker image inspect --format '{{index .Config.Labels "linklight.stand-in"}}' "$name" 2>/dev/null) != "$label" ]]; then
    state=built
    docker build --quiet --network none --tag "$name" --label "linklight.stand-in=$label" "$context" >/dev/null ||
      fail "the stand-in of $name could not be built"
  fi
  rm -rf "$context"
  printf 'stand-in       %-34s %s (%s)\n' "$name" "$version" "$state"
}

# --- contexts: each fills a folder with a Dockerfile and what it needs, and prints a version ---------

context_node() {
  local certificates=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
  cp -al "$stack/base" "$1/root"
  rm -f "$1/root/VERSION"
  cp -al "$stack/node/local/." "$1/root/usr/local/"
  # npm inside it asks the same registry as npm outside, and believes the same authorities.
  mkdir -p "$1/root/usr/local/etc" "$1/root/etc/ssl/certs" "$1/root/home/node"
  echo "registry=$(npm config get registry 2>/dev/null)" >"$1/root/usr/local/etc/npmrc"
  [[ ! -r $certificates ]] || cp -L "$certificates" "$1/root/etc/ssl/certs/ca-certificates.crt"
  touch -d @0 "$1/root/usr/local/etc/npmrc" "$1/root/etc/ssl/certs/ca-certificates.crt"
  cp -p "$root/scripts/stack/node.Dockerfile" "$1/Dockerfile"
  cat "$stack/node/VERSION"
}

context_prometheus() {
  cp -al "$stack/busybox" "$1/root"
  rm -f "$1/root/VERSION"
  mkdir -p "$1/root/etc/prometheus" "$1/data"
  ln -f "$peers/prometheus-3/prometheus" "$peers/prometheus-3/promtool" "$1/root/usr/bin/"
  cp -p "$root/scripts/stack/prometheus.Dockerfile" "$1/Dockerfile"
  cat "$peers/prometheus-3/VERSION"
}

context_alertmanager() {
  cp -al "$stack/busybox" "$1/root"
  rm -f "$1/root/VERSION"
  mkdir -p "$1/root/etc/alertmanager" "$1/data" "$1/root/usr/share/prometheus/alertmanager"
  ln -f "$peers/alertmanager/alertmanager" "$peers/alertmanager/amtool" "$1/root/usr/bin/"
  # Debian's build reads its templates from files; the original has them inside.
  cp -p "$peers"/alertmanager/share/*.tmpl "$1/root/usr/share/prometheus/alertmanager/"
  cp -p "$root/scripts/stack/alertmanager.Dockerfile" "$1/Dockerfile"
  cat "$peers/alertmanager/VERSION"
}

context_grafana() {
  mkdir -p "$1/checker/node_modules" "$1/data" "$1/data"
  cp -p "$root"/test/stack/grafana-checker/*.ts "$1/checker/"
  rm -f "$1"/checker/*.test.ts
  cp -al "$stack/curl" "$1/curl"
  rm -f "$1/curl/VERSION"
  cp -Rp "$root/node_modules/yaml" "$1/checker/node_modules/"
  sed "s,@NODE@,$(name_node)," "$root/scripts/stack/grafana.Dockerfile" >"$1/Dockerfile"
  touch -r "$root/scripts/stack/grafana.Dockerfile" "$1/Dockerfile"
  echo "a checker, not Grafana"
}
