using EtcdProbeExporter.Harness;
using EtcdProbeExporter.Tests.Metrics;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>
/// Whether every attempt of every series came to an end that was counted. Families of one scrape are read one after another, so a probe that
/// ends meanwhile is in one and not in the other: over several scrapes each series must come out even at least once.
/// </summary>
internal static class Accounts
{
    private const int Looks = 12;

    /// <summary>What never came out even.</summary>
    /// <param name="exporter">It must be running.</param>
    public static async Task<IReadOnlyList<string>> CheckAsync(ExporterProcess exporter)
    {
        var open = new Dictionary<string, double>();
        for (var i = 0; i < Looks && (i == 0 || open.Values.Any(o => o != 0)); i++)
        {
            foreach (var (series, difference) in Differences((await exporter.ScrapeAsync()).Text))
            {
                open[series] = open.TryGetValue(series, out var least) && Math.Abs(least) <= Math.Abs(difference) ? least : difference;
            }

            await Task.Delay(230); // not in step with the slots
        }

        return [.. open.Where(o => o.Value != 0).Select(o => FormattableString.Invariant($"{o.Key}: {o.Value:+0;-0} attempts without an end that was counted"))];
    }

    private static IEnumerable<(string Series, double Difference)> Differences(ExpositionText scrape)
    {
        var ends = new Dictionary<string, double>();
        foreach (var (family, operation) in new (string, string?)[]
        {
            ("etcd_probe_failures_total", null), ("etcd_probe_duration_seconds_count", null), ("etcd_probe_watch_delivery_seconds_count", "watch"),
            ("etcd_probe_cluster_failures_total", null), ("etcd_probe_cluster_duration_seconds_count", null),
        })
        {
            foreach (var sample in scrape.Samples(family))
            {
                ends[Key(sample, operation)] = ends.GetValueOrDefault(Key(sample, operation)) + sample.Value;
            }
        }

        // An attempt is counted when it ends: what is under way is in neither sum.
        foreach (var attempts in scrape.Samples("etcd_probe_attempts_total").Concat(scrape.Samples("etcd_probe_cluster_attempts_total")))
        {
            var key = Key(attempts, null);
            yield return (key, attempts.Value - ends.GetValueOrDefault(key));
        }
    }

    private static string Key(ExpositionText.Sample sample, string? operation) =>
        $"{sample.Labels.GetValueOrDefault("etcd_endpoint", "(cluster)")} {operation ?? sample.Labels["operation"]}";
}
