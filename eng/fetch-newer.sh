#!/usr/bin/env bash
# Unpacks newer releases of etcd and of promtool from newer Debian releases, beside the system: nothing is installed, and apt's own lists stay
# as they are. The packages need only libc 2.34, so they run on Debian 12 as they are.
#   trixie -> artifacts/etcd-3.5
#   forky  -> artifacts/etcd-3.5-root    a release that gives Status to root only (3.5.28 to 3.5.31)
#   forky  -> artifacts/promtool-new     Prometheus 3, for the rules
set -euo pipefail
. "$(dirname "$0")/lib.sh"

is_35() { [[ $("$1/usr/bin/etcd" --version 2>/dev/null) == "etcd Version: 3.5."* && -x $1/usr/bin/etcdctl ]]; }

wanted=()
for pair in trixie:etcd-3.5 forky:etcd-3.5-root; do
  is_35 "$root/artifacts/${pair#*:}" || wanted+=("$pair")
done
promtool=$root/artifacts/promtool-new
if [ ${#wanted[@]} = 0 ] && "$promtool/usr/bin/promtool" --version >/dev/null 2>&1; then exit 0; fi

command -v apt-get >/dev/null || die "etcd 3.5 comes from Debian's packages, and there is no apt-get here: unpack a release's etcd and etcdctl into $root/artifacts/etcd-3.5/usr/bin"
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
say "fetching newer etcd and promtool from Debian"
"${apt[@]}" update
for pair in "${wanted[@]}"; do
  release=${pair%%:*} target=$root/artifacts/${pair#*:}
  rm -rf "$work/$release"
  mkdir "$work/$release"
  (cd "$work/$release" && "${apt[@]}" download "etcd-server/$release" "etcd-client/$release" >download.log 2>&1 \
    && for package in ./*.deb; do dpkg -x "$package" unpacked; done) || { cat "$work/$release/download.log" >&2; die "$release has no etcd for this machine"; }
  is_35 "$work/$release/unpacked" || { [ "$release" = forky ] || die "trixie no longer has etcd 3.5"; say "$release no longer has etcd 3.5: $("$work/$release/unpacked/usr/bin/etcd" --version | sed -n 1p)"; continue; }
  mkdir -p "$root/artifacts"
  rm -rf "$target"
  mv "$work/$release/unpacked" "$target"
  "$target/usr/bin/etcd" --version | sed -n 1p
done

if ! "$promtool/usr/bin/promtool" --version >/dev/null 2>&1; then
  mkdir "$work/promtool"
  (cd "$work/promtool" && "${apt[@]}" download promtool/forky && dpkg -x ./promtool*.deb unpacked)
  rm -rf "$promtool"
  mkdir -p "$root/artifacts"
  mv "$work/promtool/unpacked" "$promtool"
  "$promtool/usr/bin/promtool" --version 2>&1 | sed -n 1p
fi
