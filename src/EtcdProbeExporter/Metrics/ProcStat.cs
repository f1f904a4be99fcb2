using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>What we need of <c>/proc/self/stat</c>, see proc_pid_stat(5).</summary>
/// <param name="CpuTicks">User and system time, in clock ticks.</param>
/// <param name="Threads">All threads, those of the runtime included.</param>
/// <param name="StartTicks">Clock ticks from boot to the start of the process.</param>
/// <param name="VirtualBytes">Address space.</param>
/// <param name="ResidentPages">Pages in memory.</param>
internal readonly record struct ProcStat(ulong CpuTicks, long Threads, ulong StartTicks, ulong VirtualBytes, long ResidentPages)
{
    /// <summary>USER_HZ. The kernel converts to it whatever it ticks at itself; it is 100 wherever .NET runs.</summary>
    public const double TicksPerSecond = 100;

    /// <returns>Null when the text is not such a file's.</returns>
    public static ProcStat? Parse(string text)
    {
        // The second field is the file name in parentheses, and that may hold spaces and parentheses itself.
        var afterName = text.LastIndexOf(')');
        if (afterName < 0)
        {
            return null;
        }

        // The manual counts from 1; the first field after the name is number 3.
        var fields = text[(afterName + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? Field(int number) => number - 3 < fields.Length ? fields[number - 3] : null;

        return ulong.TryParse(Field(14), CultureInfo.InvariantCulture, out var user)
            && ulong.TryParse(Field(15), CultureInfo.InvariantCulture, out var system)
            && long.TryParse(Field(20), CultureInfo.InvariantCulture, out var threads)
            && ulong.TryParse(Field(22), CultureInfo.InvariantCulture, out var start)
            && ulong.TryParse(Field(23), CultureInfo.InvariantCulture, out var virtualBytes)
            && long.TryParse(Field(24), CultureInfo.InvariantCulture, out var residentPages)
            ? new ProcStat(user + system, threads, start, virtualBytes, residentPages)
            : null;
    }
}

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
