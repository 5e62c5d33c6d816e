#!/usr/bin/env bash
# Fetches the real peers that tests and benches compare linklight with into .cache/peers/<role>/,
# without installing a service. Versions float with Debian; they are printed, never asserted.
#
#   scripts/peers.sh           prometheus-2  prometheus-3  alertmanager  python-client  chromium
#   scripts/peers.sh --bench   and client-golang, a rival of the bench
#
#   role            holds
#   prometheus-2    prometheus, promtool        Debian bookworm (2.42)
#   prometheus-3    prometheus, promtool        Debian forky (3.x; its binaries run on bookworm)
#   alertmanager    alertmanager, amtool        Debian forky (its templates in share/)
#   python-client   a PYTHONPATH folder         Debian bookworm (python3-prometheus-client)
#   chromium        chromium                the machine's own; installed from its apt where it is missing
#   client-golang   go, gopath/                 Debian bookworm (golang, client_golang)
#
# Packages come from the Debian mirror that apt already uses, through a private APT configuration:
# the machine's own package lists stay as they are. A complete role is left alone, so that a second
# run takes no time; remove its folder to fetch it anew.
set -euo pipefail
shopt -s inherit_errexit

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
peers=$root/.cache/peers
debian_folder=$peers

fail() {
  echo "peers: $*" >&2
  exit 1
}

# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"

roles=(prometheus-2 prometheus-3 alertmanager python-client chromium)
for argument in "$@"; do
  case $argument in
    --bench) roles+=(client-golang) ;;
    *) fail "unknown argument $argument; usage: scripts/peers.sh [--bench]" ;;
  esac
done

# What does not run from a folder (an interpreter, a browser with a hundred libraries) is installed from the
# machine's own apt where it is missing. need PROGRAM: its Debian package has the same name.
need() {
  command -v "$1" >/dev/null && return 0
  [[ $(id -u) -eq 0 ]] || fail "$1 is missing and installing it needs root: apt-get install $1"
  echo "peers: installing $1" >&2
  (
    unset APT_CONFIG
    retry apt-get -qq -o Acquire::Retries=3 update
    retry apt-get -qq -y -o Acquire::Retries=3 install --no-install-recommends "$1"
  )
}

# --- roles: each fills the folder it is given and prints the version --------------------------------

fetch_prometheus-2() {
  unpack "$1/deb" prometheus/bookworm
  keep_binaries "$1"
}

fetch_prometheus-3() {
  unpack "$1/deb" prometheus/forky promtool/forky
  keep_binaries "$1"
}

keep_binaries() {
  mv "$1/deb/usr/bin/prometheus" "$1/deb/usr/bin/promtool" "$1/"
  rm -rf "$1/deb"
  "$1/promtool" --version >/dev/null
  "$1/prometheus" --version 2>&1 | awk 'NR == 1 { print $3 }'
}

fetch_alertmanager() {
  unpack "$1/deb" prometheus-alertmanager/forky
  mv "$1/deb/usr/bin/prometheus-alertmanager" "$1/alertmanager"
  mv "$1/deb/usr/bin/amtool" "$1/"
  mkdir "$1/share"
  mv "$1"/deb/usr/share/prometheus/alertmanager/*.tmpl "$1/share/"
  rm -rf "$1/deb"
  "$1/amtool" --version >/dev/null 2>&1
  "$1/alertmanager" --version 2>&1 | awk 'NR == 1 { print $3 }'
}

fetch_python-client() {
  need python3
  unpack "$1/deb" python3-prometheus-client/bookworm python3-decorator/bookworm
  mv "$1"/deb/usr/lib/python3/dist-packages/* "$1/"
  rm -rf "$1/deb"
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$1 python3 -c 'import prometheus_client.openmetrics.parser'
  find "$1" -maxdepth 1 -name 'prometheus_client-*' | sed -E 's/.*prometheus_client-([0-9.]+[0-9]).*/\1/'
}

fetch_chromium() {
  need chromium
  ln -s "$(command -v chromium)" "$1/chromium"
  "$1/chromium" --version 2>/dev/null | awk '{ print $2 }'
}

fetch_client-golang() {
  local wanted
  # Of what would be installed, only Go sources and the Go tools: cgo, with its C compiler, is not needed.
  wanted=$(apt-get -t bookworm install --simulate --no-install-recommends \
    golang-go golang-github-prometheus-client-golang-dev | awk '/^Inst golang-/ { print $2 }')
  # shellcheck disable=SC2046 # one word a package
  unpack "$1" $(sed 's,$,/bookworm,' <<<"$wanted")
  ln -s "$(cd "$1" && echo usr/lib/go-*/bin/go)" "$1/go"
  ln -s usr/share/gocode "$1/gopath"
  "$1/go" version | awk '{ print $3 }'
}

# --- main ------------------------------------------------------------------------------------------

mkdir -p "$peers"
exec 9>"$peers/.lock"
flock 9

for role in "${roles[@]}"; do
  state=cached
  # VERSION is written last, so a folder without it is half a peer.
  if [[ ! -s $peers/$role/VERSION ]]; then
    state=fetched
    prepare_apt
    partial=$peers/.partial-$role
    rm -rf "$partial" "${peers:?}/$role"
    mkdir -p "$partial"
    version=$("fetch_$role" "$partial")
    [[ -n $version ]] || fail "$role: what was fetched does not run"
    echo "$version" >"$partial/VERSION"
    mv "$partial" "$peers/$role"
  fi
  printf '%-14s %-12s %s\n' "$role" "$(cat "$peers/$role/VERSION")" "$state"
done
forget_apt
