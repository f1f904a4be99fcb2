using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>Reads the texts of Linux's <c>/proc</c> (proc(5)). Pure: text in, numbers out; null when the text is not as expected.</summary>
internal static class ProcessFiles
{
    /// <summary>USER_HZ, the unit of times in <c>/proc/PID/stat</c>: 100 on every architecture that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>
    /// <c>/proc/self/stat</c>: processor time and start in ticks, virtual memory in bytes, resident memory in pages. The command name stands
    /// in parentheses and may itself hold spaces and parentheses, so fields are counted from the last one.
    /// </summary>
    public static ProcessStat? ParseStat(string text)
    {
        var end = text.LastIndexOf(')');
        if (end < 0)
        {
            return null;
        }

        var fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        const int First = 3; // number, in proc(5), of the first field behind the name
        return fields.Length > 24 - First
            && Number(14) is { } user && Number(15) is { } system && Number(20) is { } threads
            && Number(22) is { } start && Number(23) is { } virtualBytes && Number(24) is { } residentPages
            ? new ProcessStat(user + system, start, virtualBytes, residentPages, threads)
            : null;

        double? Number(int field) =>
            double.TryParse(fields[field - First], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>The soft limit of open files in <c>/proc/self/limits</c>; +Inf when unlimited.</summary>
    public static double? ParseMaxOpenFiles(string text)
    {
        const string Name = "Max open files";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Name, StringComparison.Ordinal))
            {
                var soft = line[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var value, ..] ? value : "";
                return soft == "unlimited" ? double.PositiveInfinity
                    : double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
            }
        }

        return null;
    }

    /// <summary>Unix time of the boot in <c>/proc/stat</c>, seconds.</summary>
    public static double? ParseBootTime(string text)
    {
        const string Name = "btime ";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Name, StringComparison.Ordinal))
            {
                return double.TryParse(line.AsSpan(Name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : null;
            }
        }

        return null;
    }
}
