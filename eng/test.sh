#!/usr/bin/env bash
# Installs what the tests need, builds once, and runs all tests, on etcd 3.5, then three minutes of the campaign, whose episodes count as
# tests; the last line is 'N passed, N failed'.
#   ./eng/test.sh [RELEASE…]     runs the tests on real etcd once more on each of these releases (3.4, or what ETCD_RELEASES has: README)
set -euo pipefail
. "$(dirname "$0")/lib.sh"

need_dotnet
"$root/eng/install-test-tools.sh"
cd "$root"
results=$root/artifacts/test-results
rm -rf "$results"

say "building"
dotnet build EtcdProbeExporter.sln -c Release -v quiet

failed=0 runs=0
# $1 names the run, $2 the project; the rest goes to dotnet test.
run() {
  local name=$1 project=$2
  shift 2
  runs=$((runs + 1))
  say "testing $name"
  dotnet test "tests/$project" -c Release --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=normal" --blame-hang-timeout 5m --blame-hang-dump-type none "$@" \
    || failed=1
}
run EtcdProbeExporter.Tests EtcdProbeExporter.Tests
run EtcdProbeExporter.IntegrationTests EtcdProbeExporter.IntegrationTests
for release; do
  ETCD_TEST_RELEASE=$release run "EtcdProbeExporter.IntegrationTests-$release" EtcdProbeExporter.IntegrationTests --filter "NeedsEtcd!=no"
done

# Always the same episodes, as far as three minutes reach. Those that say nothing (a cluster that did not start) count as skipped.
say "campaign"
episodes=$results/campaign.log
CAMPAIGN_IS_BUILT=1 "$root/eng/campaign.sh" --minutes 3 --seed 1 --quick | tee "$episodes" || failed=1
summary=$(grep -oE '^[0-9]+ episodes right, [0-9]+ misjudged, [0-9]+ that say nothing$' "$episodes" | grep -oE '[0-9]+' | tr '\n' ' ' || true)
read -r right misjudged void <<<"${summary:-0 1 0}"

# The counters of each result file, summed. A project that produced none has failed.
total() {
  local sum=0 file count
  for file in "$results"/*.trx; do
    count=$(grep -o '<Counters [^>]*' "$file" | grep -oE "(^| )$1=\"[0-9]+\"" | grep -oE '[0-9]+' || echo 0)
    sum=$((sum + count))
  done
  echo $sum
}
# Once more, where a reader looks first: what failed, and the first line of why. The rest is above, and in the result files.
[ $failed = 0 ] || say "failed"
for file in "$results"/*.trx; do
  [ -f "$file" ] || continue
  awk -v run="$(basename "$file" .trx)" '
    /<UnitTestResult / { failed = /outcome="Failed"/; name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name) }
    failed && /<Message>/ { why = $0; sub(/.*<Message>/, "", why); sub(/<\/Message>.*/, "", why); print "  " run ": " name ": " why; failed = 0 }
  ' "$file" | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&#x[AD];//g; s/&amp;/\&/g'
done
grep -A 1 '^misjudged: ' "$episodes" | sed 's/^/  campaign: /' || true

[ "$(find "$results" -name '*.trx' | wc -l)" = $runs ] || { echo "a run left no results" >&2; failed=1; }
passed=$(( $(total passed) + right ))
bad=$(( $(total failed) + misjudged ))
skipped=$(( $(total total) - $(total executed) + void ))
[ "$bad" = 0 ] || failed=1
[ "$passed" -gt 0 ] || failed=1
if [ $failed != 0 ] && [ "$bad" = 0 ]; then
  bad=1 # a run that broke off counts as a failure, whatever its results say
fi
echo "$passed passed, $bad failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
exit $failed
