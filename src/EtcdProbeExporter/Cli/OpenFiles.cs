using System.Globalization;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// Whether the limit of open files (RLIMIT_NOFILE) is enough. Where it is not, everything fails in the strangest places, the runtime's own
/// attempt to print its error included. Pure.
/// </summary>
internal static class OpenFiles
{
    /// <summary>The runtime has some 160 open once it probes (assemblies, pipes, epoll), some scrapers and readers come on top.</summary>
    private const int OfTheProcess = 200;

    /// <summary>The connection that is probed on, a fresh one that replaces it, a name lookup, and one for the member's own metrics.</summary>
    private const int OfAnEndpoint = 4;

    /// <summary>Null: it is enough, or unknown.</summary>
    public static string? Objection(long? limit, int endpoints)
    {
        var needed = OfTheProcess + (OfAnEndpoint * endpoints);
        return limit < needed
            ? $"the limit of open files is {limit}; {endpoints} {(endpoints == 1 ? "endpoint needs" : "endpoints need")} about {needed}: raise LimitNOFILE (systemd) or ulimit -n"
            : null;
    }

    /// <param name="limits">The text of <c>/proc/self/limits</c>; the runtime has raised the soft limit to the hard one by then.</param>
    /// <returns>Null where there is none.</returns>
    public static long? Limit(string limits)
    {
        const string Name = "Max open files";
        var line = limits.Split('\n').FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
