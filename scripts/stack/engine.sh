# shellcheck shell=bash
# The life of the engine: a dockerd in network, mount and process namespaces of its own, which end with
# it; by slirp4netns its builds reach what this machine reaches. Sourced by scripts/stack.sh.

run=""
engine_pid=""
slirp_pid=""
# dockerd's process, as the machine counts it, and the door to its namespaces.
dockerd_pid=""

# with_engine FOLDER: puts into `with_engine` what runs a command with a fetched engine's programs and
# libraries. Not a function around the command, whose shell would stand between us and its process.
with_engine() {
  local libraries
  libraries=$1/usr/lib/$(uname -m)-linux-gnu
  with_engine=(env "PATH=$1/usr/sbin:$1/usr/bin:$PATH" "XTABLES_LIBDIR=$libraries/xtables"
    "LD_LIBRARY_PATH=$libraries:$1/lib/$(uname -m)-linux-gnu")
}

start_engine() {
  local attempt
  # Short, because a socket's path has at most 107 characters.
  run=$(mktemp -d /run/linklight-stack.XXXXXX)
  trap stop_engine EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$stack/data"
  # Whoever kills this script takes the engine with it (pdeathsig), and with the engine's process 1 all
  # its containers (kill-child).
  with_engine "$stack/engine"
  "${with_engine[@]}" setpriv --pdeathsig KILL \
    unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private \
    bash -c "echo 'nameserver 10.0.2.3' >'$run/resolv.conf' && mount --bind '$run/resolv.conf' /etc/resolv.conf &&
      ip link set lo up && exec dockerd --data-root '$stack/data' --exec-root '$run/exec' \
      --pidfile '$run/dockerd.pid' --host 'unix://$run/docker.sock' --dns 10.0.2.3" \
    >"$run/dockerd.log" 2>&1 9>&- &
  engine_pid=$!
  export DOCKER_HOST=unix://$run/docker.sock DOCKER_CONFIG=$stack/cli/config PATH=$stack/cli/bin:$PATH
  export LINKLIGHT_DOCKER=stand-ins
  unset DOCKER_CONTEXT DOCKER_TLS_VERIFY DOCKER_CERT_PATH
  for ((attempt = 0; attempt < 150; attempt++)); do
    docker version >/dev/null 2>&1 && break
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.2
  done
  docker version >/dev/null 2>&1 || {
    tail -n 30 "$run/dockerd.log" >&2
    fail "the engine did not start"
  }
  dockerd_pid=$(pgrep --parent "$engine_pid")
  connect_engine
  # What an earlier run left behind when it was ended half-way; images and build cache stay.
  docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null
  docker volume prune --all --force >/dev/null
  docker network prune --force >/dev/null
  docker version --format 'engine         {{.Server.Version}}              running'
}

# Without it, builds could not install packages.
connect_engine() {
  "${with_engine[@]}" setpriv --pdeathsig KILL slirp4netns --configure --mtu=1500 \
    --disable-host-loopback "$dockerd_pid" tap0 >"$run/slirp.log" 2>&1 9>&- &
  slirp_pid=$!
  for _ in {1..50}; do
    in_engine_network ip -brief address show tap0 2>/dev/null | grep -q 10.0.2 && return 0
    sleep 0.1
  done
  cat "$run/slirp.log" >&2
  fail "the engine's network did not come up"
}

# The command sees the engine's 127.0.0.1, where the ports of containers are.
in_engine_network() {
  nsenter --target "$dockerd_pid" --net -- "$@" 9>&-
}

stop_engine() {
  [[ -n $engine_pid ]] || return 0
  # dockerd first, so that it stops its containers and tidies their control groups.
  if [[ -n $dockerd_pid ]] && kill -TERM "$dockerd_pid" 2>/dev/null; then
    timeout 30 tail --pid="$dockerd_pid" --follow /dev/null || true
  fi
  kill -KILL "$engine_pid" 2>/dev/null || true
  [[ -z $slirp_pid ]] || kill -TERM "$slirp_pid" 2>/dev/null || true
  wait "$engine_pid" ${slirp_pid:+"$slirp_pid"} 2>/dev/null || true
  engine_pid=""
  rm -rf "$run"
}
