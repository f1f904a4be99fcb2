using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The counters of a cluster that rounds feed: who led, which terms were seen, which promises were broken.</summary>
internal sealed class RoundInstruments
{
    private readonly PresentSeries<Counters> _counters;

    public RoundInstruments(ClusterFamilies families, SeriesOwner owner, ClusterConfiguration cluster)
    {
        _counters = new PresentSeries<Counters>(owner, own => new Counters(families, own, cluster.Name));
        _counters.Keep(true);
    }

    public void Record(RoundOutcome round)
    {
        if (_counters.Keep(round.HasMembers) is not { } counters)
        {
            return;
        }

        if (round.Leadership.LeaderChanged)
        {
            counters.LeaderChanges.Increment();
        }

        if (round.Leadership.TermRose)
        {
            counters.TermChanges.Increment();
        }

        counters.Leaderless.Increment(round.Leadership.Leaderless.TotalSeconds);
        foreach (var violation in round.Violations)
        {
            counters.Violations[(int)violation.Kind].Increment();
        }
    }

    private sealed class Counters(ClusterFamilies families, SeriesOwner owner, string cluster)
    {
        public Counter LeaderChanges { get; } = families.LeaderChanges.With(owner, cluster);

        public Counter TermChanges { get; } = families.TermChanges.With(owner, cluster);

        public Counter Leaderless { get; } = families.LeaderlessSeconds.With(owner, cluster);

        public Counter[] Violations { get; } = [.. ViolationKinds.All.Select(kind => families.Violations.With(owner, cluster, kind.Label()))];
    }
}
