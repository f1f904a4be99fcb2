#!/usr/bin/env bash
# Breaks real etcd clusters in ways drawn from a seed, and judges every word of the exporter against what was done and what an independent client met.
#   ./eng/campaign.sh --minutes N --seed S [--etcd DIR…]     exit 0: nothing misjudged; 1: something was
#   ./eng/campaign.sh --seed S --episode K [--etcd DIR…]     replays one episode
#   ./eng/campaign.sh --write                                writes docs/truth.md from the results of all runs in artifacts/campaign
# Bad arguments: exit 2.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# The program says what is wrong with its arguments, but it has to be built for that.
expects=
for argument; do
  case $argument in
    --minutes | --seed | --episode) expects=number ;;
    --etcd | --faults | --write | --list | --quick | --no-alerts) expects= ;;
    -*) printf "error: unknown argument '%s'\n" "$argument" >&2; exit 2 ;;
    *) [ -z "$expects" ] || [[ $argument =~ ^[0-9]+$ ]] || { printf "error: '%s' is not a number\n" "$argument" >&2; exit 2; }; expects= ;;
  esac
done
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }

need_dotnet
program=$root/tests/EtcdProbeExporter.Campaign/bin/Release/net10.0/EtcdProbeExporter.Campaign.dll
if [ -z "${CAMPAIGN_IS_BUILT:-}" ]; then
  "$root/eng/install-test-tools.sh" >&2
  say "building" >&2
  dotnet build "$root/tests/EtcdProbeExporter.Campaign" -c Release -v quiet >&2
fi
exec dotnet "$program" "$@"
