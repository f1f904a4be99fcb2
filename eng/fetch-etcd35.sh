#!/usr/bin/env bash
# Unpacks etcd 3.5 from a newer Debian release into artifacts/etcd-3.5, beside the system: nothing is installed, and apt's own lists stay
# as they are. The packages need only libc 2.34, so they run on Debian 12 as they are.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

target=$root/artifacts/etcd-3.5

is_35() { [[ $("$1/usr/bin/etcd" --version 2>/dev/null) == "etcd Version: 3.5."* && -x $1/usr/bin/etcdctl ]]; }

if is_35 "$target"; then
  exit 0
fi

command -v apt-get >/dev/null || die "etcd 3.5 comes from Debian's packages, and there is no apt-get here: unpack a release's etcd and etcdctl into $target/usr/bin"
# The mirror that this system uses itself for its own release, from apt's own reading of its sources.
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=$(apt-get indextargets --format '$(RELEASE) $(SITE)' 'Created-By: Packages' | awk -v c="$codename" '$1 == c && !found { print $2; found = 1 }')
[ -n "$mirror" ] || die "apt's sources name no mirror for '$codename'"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || die "$keyring is missing: please install debian-archive-keyring"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources.d" "$work/state/lists/partial" "$work/cache/archives/partial"
touch "$work/state/status"
cat >"$work/sources.d/newer.sources" <<S
Types: deb
URIs: $mirror
Suites: trixie forky
Components: main
Signed-By: $keyring
S
apt=(apt-get -qq
  -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources.d"
  -o Dir::State="$work/state" -o Dir::State::status="$work/state/status" -o Dir::State::lists="$work/state/lists"
  -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root -o Acquire::Retries=3)
say "fetching etcd 3.5 from Debian"
"${apt[@]}" update
cd "$work"
for release in trixie forky; do
  rm -rf unpacked ./*.deb
  "${apt[@]}" download "etcd-server/$release" "etcd-client/$release" >>download.log 2>&1 || continue
  mkdir unpacked
  for package in ./*.deb; do
    dpkg -x "$package" unpacked
  done
  if is_35 unpacked; then
    mkdir -p "$root/artifacts"
    rm -rf "$target"
    mv unpacked "$target"
    "$target/usr/bin/etcd" --version | sed -n 1p
    exit 0
  fi
done
cat download.log >&2
die "neither trixie nor forky has etcd 3.5 for this machine"
