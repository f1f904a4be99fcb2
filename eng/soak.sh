#!/usr/bin/env bash
# Runs the exporter for a long time against several real clusters that are broken at random, and judges what it did.
#   ./eng/soak.sh MINUTES [SEED]
# The log of the run stands on standard output; the exit code is 0 when all was well. Ctrl-C ends it early, repairs and judges.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

[[ $# -ge 1 && $# -le 2 && $1 =~ ^[0-9]+$ && ${2:-0} =~ ^[0-9]+$ ]] || die "usage: ./eng/soak.sh MINUTES [SEED]"

need_dotnet
"$root/eng/install-test-tools.sh"
cd "$root"
say "building"
dotnet build tests/EtcdProbeExporter.Soak -c Release -v quiet
exec dotnet "tests/EtcdProbeExporter.Soak/bin/Release/net10.0/EtcdProbeExporter.Soak.dll" "$@"
