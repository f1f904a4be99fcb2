#!/usr/bin/env bash
# Mutation testing of the verdict model: changes Consensus, Monitoring and Etcd in small ways, one at a time, and runs the unit tests
# against each change. A change that no test notices is a gap in the tests, or code that does nothing.
#   ./eng/mutation.sh [FILE...]     e.g. ./eng/mutation.sh 'Consensus/**/*.cs' '!Consensus/EndpointStates.cs'
# Without FILE all three folders, about an hour on two cores; it runs at low priority, one change at a time. Prints each change that
# survived and the score; the exit code is 1 below 90 %. The report to click through is artifacts/mutation/reports/mutation-report.html.
# Which tests take part, and why not all, is in eng/stryker-config.yaml; what may survive is explained in docs/mutation.md.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

need_dotnet
command -v jq >/dev/null || install_packages jq:jq
cd "$root"
dotnet tool restore
out=$root/artifacts/mutation
rm -rf "$out"
mutate=()
for file in "$@"; do mutate+=(--mutate "$file"); done

# From the folder of the tests: Stryker looks for the project under test among its references. Debug: the mutated program must not lie where
# a later `dotnet test -c Release --no-build` would take it for the real one.
cd tests/EtcdProbeExporter.Tests
failed=0
nice -n 10 dotnet stryker --config-file ../../eng/stryker-config.yaml --output "$out" "${mutate[@]}" || failed=1

report=$out/reports/mutation-report.json
[ -f "$report" ] || die "no report was made"
jq -r '
  def counted: select(.status | IN("Killed", "Timeout", "Survived", "NoCoverage"));
  def score: "\([.[] | select(.status | IN("Killed", "Timeout"))] | length) of \(length)";
  (.files | to_entries[] | .key as $file | .value.source as $source | .value.mutants[]
    | select(.status | IN("Survived", "NoCoverage"))
    | .location as $l
    | ($source | split("\n")[$l.start.line - 1][$l.start.column - 1:(if $l.end.line == $l.start.line then $l.end.column - 1 else null end)]) as $was
    | "\($file | sub(".*/src/EtcdProbeExporter/"; "")):\($l.start.line) \(.status): \($was) -> \(.replacement | gsub("\\s+"; " "))"),
  ([.files | to_entries[] | .key as $file | .value.mutants[] | counted | {folder: ($file | sub(".*/src/EtcdProbeExporter/"; "") | split("/")[0]), status}]
    | group_by(.folder)[] | "\(.[0].folder): \(score) found"),
  ([.files[].mutants[] | counted] | "all: \(score) found")' "$report"
exit $failed
