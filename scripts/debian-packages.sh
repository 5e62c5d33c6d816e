# shellcheck shell=bash
# Debian packages as folders: fetched with apt-get and unpacked, never installed. Sourced by
# scripts/peers.sh and scripts/stack.sh, which set `debian_folder`, where lists and logs may lie, and
# define `fail MESSAGE`.

export DEBIAN_FRONTEND=noninteractive

# The mirror of Debian's main archive among those that apt is configured with.
debian_mirror() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    fail "apt is not here: real peers are fetched on Debian 12 or newer only; unset LINKLIGHT_PEERS to test without them"
  # Not indextargets, which lists nothing before the machine's first `apt-get update`.
  apt-get update --print-uris |
    sed -nE "s,^'(.*/)dists/(bookworm|trixie|forky|sid|oldstable|stable|testing|unstable)/InRelease'.*,\\1,p" |
    head -n 1
}

# Makes apt-get work on package lists of our own, for both suites. Needs no root. Signatures are checked;
# the lists' expiry is not, because mirrors that stand still between two days are common in laboratories.
prepare_apt() {
  [[ -z ${APT_CONFIG:-} ]] || return 0
  local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options="" apt=$debian_folder/.apt
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || fail "apt is configured with no Debian mirror (see /etc/apt/sources.list.d)"
  [[ -r $keyring ]] && options="[signed-by=$keyring]"
  rm -rf "$apt"
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
  : >"$apt/status"
  printf 'deb %s %s %s main\n' "$options" "$mirror" bookworm "$options" "$mirror" forky >"$apt/sources.list"
  cat >"$apt/apt.conf" <<END
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Sandbox::User "root";
APT::Update::Post-Invoke-Success "";
Acquire::Check-Valid-Until "false";
Acquire::Retries "3";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Acquire::Languages "none";
END
  export APT_CONFIG=$apt/apt.conf
  retry apt-get -qq update
}

# The package lists are 100 MB unpacked, and stale by the next time.
forget_apt() {
  rm -rf "$debian_folder/.apt" "$debian_folder/.log"
}

# Mirrors fail now and then; the third time it is not chance. What failed is shown then.
retry() {
  local log=$debian_folder/.log attempt
  for attempt in 1 2 3; do
    if "$@" >"$log" 2>&1; then return 0; fi
    sleep $((attempt * 3))
  done
  cat "$log" >&2
  fail "failed three times: $*"
}

# unpack FOLDER PACKAGE/SUITE…: the files of Debian packages, none of their scripts.
unpack() {
  local folder=$1 package
  shift
  mkdir -p "$folder/.debs"
  (cd "$folder/.debs" && retry apt-get -qq download "$@")
  for package in "$folder"/.debs/*.deb; do dpkg -x "$package" "$folder"; done
  rm -rf "$folder/.debs"
}
