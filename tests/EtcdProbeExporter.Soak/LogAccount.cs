using System.Text.RegularExpressions;

namespace EtcdProbeExporter.Soak;

/// <summary>How much the exporter logged, and which of its errors nobody expects of ill clusters and broken files.</summary>
internal sealed partial class LogAccount
{
    private const string NoLevel = "no level";

    public LogAccount(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Lines = lines.Length;
        Longest = lines.Select(l => l.Length).DefaultIfEmpty().Max();
        ByLevel = lines.GroupBy(LevelOf).ToDictionary(g => g.Key, g => g.Count());
        Commonest = [.. lines.GroupBy(Shape).OrderByDescending(g => g.Count()).Take(8).Select(g => (g.Key, g.Count()))];
        Unexpected = [.. lines.Where(l => LevelOf(l) is NoLevel || (LevelOf(l) is "error" && !Expected().IsMatch(l)))];
    }

    public int Lines { get; }

    public int Longest { get; }

    public IReadOnlyDictionary<string, int> ByLevel { get; }

    /// <summary>What was logged most often, without names, numbers and addresses.</summary>
    public IReadOnlyList<(string Shape, int Count)> Commonest { get; }

    public IReadOnlyList<string> Unexpected { get; }

    private static string LevelOf(string line) => Level().Match(line) is { Success: true } match ? match.Groups[1].Value : NoLevel;

    private static string Shape(string line)
    {
        var shape = Varying().Replace(line[Math.Max(0, line.IndexOf("level=", StringComparison.Ordinal))..], "#");
        return shape[..Math.Min(shape.Length, 110)];
    }

    [GeneratedRegex(@"\bm\d\b|[\d.:]*\d[\w.:]*|\b(gated|discovered|tls|auth|dead)\b")]
    private static partial Regex Varying();

    [GeneratedRegex(@"\blevel=(debug|info|warn|error)\b")]
    private static partial Regex Level();

    [GeneratedRegex("through any endpoint of .* fails|names a leader|configuration not reloaded")]
    private static partial Regex Expected();
}
