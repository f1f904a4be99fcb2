using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The counters of a cluster that rounds feed: who led, which terms were seen, which promises were broken.</summary>
internal sealed class RoundInstruments
{
    private readonly Counter _leaderChanges;
    private readonly Counter _termChanges;
    private readonly Counter _leaderless;
    private readonly Counter[] _violations;

    public RoundInstruments(ClusterFamilies families, SeriesOwner owner, ClusterConfiguration cluster)
    {
        _leaderChanges = families.LeaderChanges.With(owner, cluster.Name);
        _termChanges = families.TermChanges.With(owner, cluster.Name);
        _leaderless = families.LeaderlessSeconds.With(owner, cluster.Name);
        _violations = [.. ViolationKinds.All.Select(kind => families.Violations.With(owner, cluster.Name, kind.Label()))];
    }

    public void Record(RoundOutcome round)
    {
        if (round.Leadership.LeaderChanged)
        {
            _leaderChanges.Increment();
        }

        if (round.Leadership.TermRose)
        {
            _termChanges.Increment();
        }

        _leaderless.Increment(round.Leadership.Leaderless.TotalSeconds);
        foreach (var violation in round.Violations)
        {
            _violations[(int)violation.Kind].Increment();
        }
    }
}
