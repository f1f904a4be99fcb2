using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>Single values out of the line-based files of <c>/proc</c>; null when the file has no such line.</summary>
internal static class ProcText
{
    private const string MaxOpenFiles = "Max open files ";
    private const string BootTime = "btime ";

    /// <summary>The soft limit in <c>/proc/self/limits</c>: the one at which opening a file fails.</summary>
    public static double? ParseMaxOpenFiles(string limits)
    {
        var value = FirstWordAfter(limits, MaxOpenFiles);
        return value is "unlimited" ? double.PositiveInfinity : Number(value);
    }

    /// <summary>The boot time in <c>/proc/stat</c>, in seconds of the Unix epoch.</summary>
    public static double? ParseBootTime(string stat) => Number(FirstWordAfter(stat, BootTime));

    private static double? Number(ReadOnlySpan<char> word) =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ReadOnlySpan<char> FirstWordAfter(ReadOnlySpan<char> text, string start)
    {
        foreach (var line in text.EnumerateLines())
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                var rest = line[start.Length..].Trim();
                var end = rest.IndexOf(' ');
                return end < 0 ? rest : rest[..end];
            }
        }

        return default;
    }
}
