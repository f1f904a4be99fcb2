using System.Globalization;
using EtcdProbeExporter.Campaign.Episodes;

namespace EtcdProbeExporter.Campaign.Reports;

/// <summary>Sums over episodes, as Markdown tables. Pure.</summary>
internal static class Tables
{
    /// <summary>What was so, and what the exporter called it, in scrapes of times when nothing was changing.</summary>
    public static IReadOnlyList<string> Matrix(IReadOnlyList<EpisodeResult> results)
    {
        var cells = results.SelectMany(r => r.Matrix).GroupBy(c => (c.Truth, c.State)).ToDictionary(g => g.Key, g => g.Sum(c => c.Scrapes));
        var states = cells.Keys.Select(c => c.State).Distinct().Order(StringComparer.Ordinal).ToList();
        var truths = cells.Keys.Select(c => c.Truth).Distinct().Order(StringComparer.Ordinal).ToList();
        return
        [
            $"| truth | {string.Join(" | ", states)} |",
            $"|---|{string.Concat(states.Select(_ => "---:|"))}",
            .. truths.Select(t => $"| {t} | {string.Join(" | ", states.Select(s => Text(cells.GetValueOrDefault((t, s)))))} |"),
        ];
    }

    /// <summary>How soon faults were seen.</summary>
    public static IReadOnlyList<string> Times(IReadOnlyList<EpisodeResult> results) =>
    [
        "| fault | seen | of | p50 s | max s | longest bound s |",
        "|---|---:|---:|---:|---:|---:|",
        .. results.SelectMany(r => r.Detections).GroupBy(d => d.Fault).OrderBy(g => g.Key, StringComparer.Ordinal).Select(Row),
    ];

    private static string Row(IGrouping<string, Detection> detections)
    {
        var times = detections.Select(d => d.Seconds).OfType<double>().Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {detections.Key} | {times.Count} | {detections.Count()} | {(times.Count > 0 ? times[times.Count / 2] : double.NaN):0.0} | {times.LastOrDefault():0.0} | {detections.Max(d => d.BoundSeconds):0.0} |");
    }

    private static string Text(int count) => count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture);
}
