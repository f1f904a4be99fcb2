using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Soak;

/// <summary>
/// Whether every attempt of every series came to an end that was counted. The families of one scrape are read one after another, so a probe
/// that ends meanwhile is in one and not in the other; over several scrapes each series must come out even at least once. A lost attempt
/// never does.
/// </summary>
internal static class Accounts
{
    private const int Looks = 24;

    /// <summary>What does not come out even or stands still, and how many series were looked at.</summary>
    public static async Task<(int Series, IReadOnlyList<string> Wrong)> CheckAsync(ExporterProcess exporter)
    {
        var open = new Dictionary<string, double>();
        var first = new Dictionary<string, double>();
        var moved = new HashSet<string>();
        for (var i = 0; i < Looks; i++)
        {
            foreach (var (series, attempts, difference) in Read((await exporter.ScrapeAsync()).Text))
            {
                open[series] = open.TryGetValue(series, out var least) && Math.Abs(least) <= Math.Abs(difference) ? least : difference;
                first.TryAdd(series, attempts);
                if (attempts > first[series])
                {
                    moved.Add(series);
                }
            }

            await Task.Delay(370); // never in step with the slots, which come every second
        }

        return (open.Count,
        [
            .. open.Where(o => o.Value != 0).Select(o => $"{o.Key}: {o.Value:+0;-0} attempts without an end that was counted"),
            .. open.Keys.Where(k => !moved.Contains(k) && !(IsDead(k) && k.EndsWith(" watch", StringComparison.Ordinal)))
                .Select(k => $"{k}: no attempt for nine seconds"),
        ]);
    }

    private static IEnumerable<(string Series, double Attempts, double Difference)> Read(ExpositionText scrape)
    {
        var ends = new Dictionary<string, double>();
        void AddEnds(string family, string? operation = null)
        {
            foreach (var sample in scrape.Samples(family))
            {
                var key = Key(sample, operation);
                ends[key] = ends.GetValueOrDefault(key) + sample.Value;
            }
        }

        AddEnds("etcd_probe_failures_total");
        AddEnds("etcd_probe_duration_seconds_count");
        AddEnds("etcd_probe_watch_delivery_seconds_count", "watch");
        AddEnds("etcd_probe_cluster_failures_total");
        AddEnds("etcd_probe_cluster_duration_seconds_count");
        var running = scrape.Samples("etcd_probe_in_flight_seconds").Where(s => s.Value > 0).Select(s => Key(s, null)).ToHashSet();
        foreach (var attempts in scrape.Samples("etcd_probe_attempts_total").Concat(scrape.Samples("etcd_probe_cluster_attempts_total")))
        {
            var key = Key(attempts, null);
            var difference = attempts.Value - ends.GetValueOrDefault(key) - (running.Contains(key) ? 1 : 0);
            // Of a cluster's probe no age is published: where nothing ever answers, one always runs.
            var alwaysRuns = IsDead(key) && !attempts.Labels.ContainsKey("etcd_endpoint");
            yield return (key, attempts.Value, alwaysRuns && difference == 1 ? 0 : difference);
        }
    }

    private static string Key(ExpositionText.Sample sample, string? operation)
    {
        var endpoint = sample.Labels.GetValueOrDefault("etcd_endpoint", "(cluster)");
        return $"{sample.Labels["etcd_cluster"]} {endpoint} {operation ?? sample.Labels["operation"]}";
    }

    private static bool IsDead(string key) => key.StartsWith("dead ", StringComparison.Ordinal);
}
