using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>The table at the end: what was looked at, what came out, and whether that is right.</summary>
internal sealed class Verdict
{
    private readonly List<(string What, string Value, bool? Right)> _rows = [];

    public bool IsRight => _rows.TrueForAll(r => r.Right != false);

    /// <param name="what">What was looked at.</param>
    /// <param name="value">What came out.</param>
    /// <param name="right">Null where nothing is demanded.</param>
    public void Add(string what, string value, bool? right = null) => _rows.Add((what, value, right));

    public void AddProcess(ProcessSamples samples, TimeSpan duration)
    {
        var (descriptors, memory) = (samples.Descriptors, samples.Memory);
        var grows = descriptors.Slope() is { } slope && slope.PerHour - (2 * slope.Error) >= 20;
        Add("descriptors", Describe(descriptors), !grows || descriptors.Max < 2 * descriptors.First);
        Add("memory, MB", Describe(memory), duration < TimeSpan.FromMinutes(30) ? null : memory.Slope() is not { PerHour: >= 30 });
        Add("threads", Describe(samples.Threads));
    }

    public void AddLog(LogAccount log, TimeSpan duration)
    {
        var levels = log.ByLevel.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key} {l.Value}");
        Add("log, lines per minute", Text($"{log.Lines / duration.TotalMinutes:0.0} ({string.Join(", ", levels)})"));
        foreach (var (shape, count) in log.Commonest)
        {
            Add("  of them", Text($"{count,5}  {shape}"));
        }

        Add("log, longest line", Text($"{log.Longest} characters"));
        Add("log, errors nobody expects", Text($"{log.Unexpected.Count}"), log.Unexpected.Count == 0);
    }

    public void AddScrape(Scrape scrape)
    {
        var errors = scrape.Text.Samples("etcd_probe_exporter_internal_errors_total").Where(s => s.Value != 0).ToList();
        Add("internal errors", errors.Count == 0 ? "0" : string.Join(", ", errors), errors.Count == 0);
        var violations = scrape.Text.Samples("etcd_probe_consistency_violations_total").Where(s => s.Value != 0).ToList();
        Add("violations in the last scrape", violations.Count == 0 ? "0" : string.Join(", ", violations), violations.Count == 0);
    }

    public void AddWitness(Witness witness)
    {
        var verdicts = witness.Verdicts;
        var counts = string.Join(", ", verdicts.Select(v => $"{v.Key} {v.Value}"));
        Add("split brain, scrapes per verdict", counts, !verdicts.ContainsKey("confirmed"));
        foreach (var cluster in witness.Changes.GroupBy(c => c.Key.Split(' ')[0]))
        {
            Add($"state changes of {cluster.Key}", string.Join(", ", cluster.Select(c => $"{c.Key.Split(' ')[1]} {c.Value}")));
        }
    }

    public void Print()
    {
        Console.WriteLine();
        foreach (var (what, value, right) in _rows)
        {
            Console.WriteLine($"{(right is null ? "    " : right.Value ? "ok  " : "BAD ")} {what,-33} {value}");
        }

        Console.WriteLine();
        Console.WriteLine(IsRight ? "all is well" : "something is wrong");
    }

    private static string Describe(Trend trend)
    {
        var slope = trend.Slope() is { } s ? Text($"{s.PerHour:0.0} ± {s.Error:0.0} per hour") : "unknown";
        return Text($"first {trend.First:0}, last {trend.Last:0}, max {trend.Max:0}, slope of the second half {slope}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
