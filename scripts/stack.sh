#!/usr/bin/env bash
# A Docker engine of our own, for the tests of the stack: fetched, never installed, in namespaces of its
# own, so that its bridges, firewall rules and mounts are not the machine's. And images that stand in
# for the public ones, under their very names: real Node, Prometheus and Alertmanager, and a checker in
# place of Grafana. Needs root and Debian; docs/decisions/0041-an-engine-of-our-own.md says why.
#
#   scripts/stack.sh                  fetches what is missing, and says which versions
#   scripts/stack.sh run COMMAND…     starts the engine, runs a command that sees it (DOCKER_HOST, and its
#                                     127.0.0.1 is the engine's), and ends the engine whatever happened
#
# With LINKLIGHT_DOCKER=own a command is run against the machine's own engine, with the real images.
set -euo pipefail
shopt -s inherit_errexit

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
stack=$root/.cache/stack
peers=$root/.cache/peers
debian_folder=$stack

fail() {
  echo "stack: $*" >&2
  exit 1
}

# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/stack/fetch.sh
source "$root/scripts/stack/fetch.sh"
# shellcheck source=scripts/stack/engine.sh
source "$root/scripts/stack/engine.sh"
# shellcheck source=scripts/stack/images.sh
source "$root/scripts/stack/images.sh"

case "${1:-}" in
  "") action=fetch ;;
  run)
    action=run
    shift
    [[ $# -gt 0 ]] || fail "run what? usage: scripts/stack.sh [run COMMAND…]"
    ;;
  *) fail "unknown argument $1; usage: scripts/stack.sh [run COMMAND…]" ;;
esac

if [[ ${LINKLIGHT_DOCKER:-} == own ]]; then
  docker version --format 'engine         {{.Server.Version}}   of this machine' ||
    fail "LINKLIGHT_DOCKER=own, and no engine of this machine answers: start Docker, or unset it"
  [[ $action == fetch ]] || exec "$@"
  exit 0
fi
[[ $(id -u) -eq 0 ]] || fail "an engine of our own needs root; LINKLIGHT_DOCKER=own takes the one of this machine"

mkdir -p "$stack"
# One run at a time: they share the engine's data. Waiting beats failing.
exec 9>"$stack/.lock"
flock 9

"$root/scripts/peers.sh" >/dev/null
fetch_all
[[ $action == run ]] || exit 0

start_engine
make_images
status=0
in_engine_network "$@" || status=$?
stop_engine
exit "$status"
