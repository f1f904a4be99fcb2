#!/usr/bin/env bash
# Unpacks etcd 3.5 from a newer Debian release into artifacts/etcd-3.5, beside the system: nothing is installed, and apt's own lists stay
# as they are. The packages need only libc 2.34, so they run on Debian 12 as they are.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

target=$root/artifacts/etcd-3.5
if [ -x "$target/usr/bin/etcd" ] && "$target/usr/bin/etcd" --version 2>/dev/null | grep -q 'etcd Version: 3\.5'; then
  exit 0
fi

command -v apt-get >/dev/null || die "etcd 3.5 comes from Debian's packages, and there is no apt-get here"
# The mirror that this system uses itself.
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null \
  | grep -v '^#' | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ' || true)
mirror=${mirror:-http://deb.debian.org/debian}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources.d" "$work/state/lists/partial" "$work/cache/archives/partial"
touch "$work/state/status"
cat >"$work/sources.d/newer.sources" <<S
Types: deb
URIs: $mirror
Suites: trixie forky
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
S
apt=(apt-get -qq
  -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources.d"
  -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" -o Dir::State::lists="$work/state/lists"
  -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root)
say "fetching etcd 3.5 from Debian"
"${apt[@]}" update
(
  cd "$work"
  for release in trixie forky; do
    rm -f ./*.deb
    if "${apt[@]}" download "etcd-server/$release" "etcd-client/$release" 2>download.log; then
      break
    fi
  done
  ls ./*.deb >/dev/null 2>&1 || { cat download.log >&2; exit 1; }
  mkdir unpacked
  for package in ./*.deb; do
    dpkg -x "$package" unpacked
  done
)
mkdir -p "$root/artifacts"
rm -rf "$target"
mv "$work/unpacked" "$target"
"$target/usr/bin/etcd" --version | head -n 1
