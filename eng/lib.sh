# Shared by the scripts in this folder; sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '==> %s\n' "$*"; }

die() { printf 'error: %s\n' "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "cannot run '$*': neither root nor sudo"
  fi
}

# install_packages PACKAGE:COMMAND... : installs what is not there, with one update of the lists, and starts no service.
install_packages() {
  local missing=() entry
  for entry in "$@"; do
    [ -n "$(type -P "${entry#*:}" || ls "/usr/sbin/${entry#*:}" 2>/dev/null)" ] || missing+=("${entry%%:*}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "please install: ${missing[*]} (no apt-get here)"
  say "installing ${missing[*]}"
  # Debian starts a service when its package is installed, unless a policy says no; etcd and Prometheus would take their ports.
  local policy=/usr/sbin/policy-rc.d made_policy=
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod +x $policy
    made_policy=1
  fi
  local failed=0
  { as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
    >"${TMPDIR:-/tmp}/etcd-probe-install.log" 2>&1 || failed=1
  [ -z "$made_policy" ] || as_root rm -f $policy
  [ $failed = 0 ] || { cat "${TMPDIR:-/tmp}/etcd-probe-install.log" >&2; die "could not install ${missing[*]}"; }
}

need_dotnet() {
  command -v dotnet >/dev/null || die "the .NET SDK is not on PATH: see https://dotnet.microsoft.com/download"
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}
