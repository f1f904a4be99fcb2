using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Exporters;

namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>All that is known of an episode when it is over.</summary>
internal sealed record Judged(Ledger Ledger, ExporterRecord Exporter, TimeSpan Interval, TimeSpan Timeout)
{
    public required IReadOnlyDictionary<string, IReadOnlyList<Sample>> Samples { get; init; }

    /// <summary>How long nothing ran on this machine, each with its end.</summary>
    public IReadOnlyList<(TimeSpan At, TimeSpan Late)> Late { get; init; } = [];

    /// <summary>Whether Status is withheld from the exporter's user, so that it cannot know who leads.</summary>
    public bool StatusWithheld { get; init; }

    /// <summary>Endpoints that are no voters of the cluster: proxies, other clusters.</summary>
    public IReadOnlySet<string> Others { get; init; } = new HashSet<string>();

    /// <summary>Within which the exporter must have seen what is so.</summary>
    public TimeSpan Bound => Timeout + (2 * Interval) + TimeSpan.FromSeconds(1);

    /// <summary>
    /// From when on it is judged. Its first logins and connections compete with those of everybody else: until all is well for the first
    /// time, it is judged by the end of that alone.
    /// </summary>
    public TimeSpan Warm
    {
        get
        {
            var latest = Exporter.Started + (2 * Bound);
            var well = Exporter.Looks.FirstOrDefault(l => Ledger.Lives.Where(e => e.Value.From == TimeSpan.Zero).All(e => l.States.GetValueOrDefault(e.Key) == "healthy"));
            return well is not null && well.Sent < latest ? well.Sent : latest;
        }
    }

    /// <summary>
    /// What a look can be about: the bound before it, and what the machine lost meanwhile. Times that the exporter did not run do not count.
    /// </summary>
    public (TimeSpan From, TimeSpan To) WindowOf(Look look)
    {
        var from = look.Sent - Bound;
        from -= 2 * new TimeSpan(Late.Where(l => l.At >= from - Bound && l.At <= look.Received).Sum(l => l.Late.Ticks));
        foreach (var (begin, end) in Exporter.Absences.Where(a => a.To >= look.Sent - Bound && a.From <= look.Received))
        {
            from = from < begin - Bound ? from : begin - Bound;
        }

        return (from, look.Received);
    }

    /// <summary>Requests of the independent client that overlap a window.</summary>
    public IReadOnlyList<Sample> In(string endpoint, TimeSpan from, TimeSpan to) =>
        Samples.TryGetValue(endpoint, out var all) ? [.. all.Where(s => s.Overlaps(from, to))] : [];
}
