using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Tests.Instrumentation;

/// <summary>What rounds count, and that counters stay for as long as there is a cluster to judge.</summary>
public sealed class RoundInstrumentsTests : IDisposable
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);
    private readonly SeriesOwner _owner = new();
    private readonly RoundInstruments _rounds;

    public RoundInstrumentsTests()
    {
        var metrics = new ProductMetrics(_registry, _owner, ("1", "2"));
        _rounds = new RoundInstruments(metrics.Cluster, _owner, new ClusterConfiguration { Name = "c", Endpoints = [] });
    }

    [Fact]
    public void Each_change_moves_its_counter()
    {
        var violation = new Violation(ViolationKind.LostWrite, "gone");

        _rounds.Record(new RoundOutcome(new LeadershipChanges(true, true, TimeSpan.FromSeconds(2), []), [violation, violation]));

        Moved().Should().BeEquivalentTo(new Dictionary<string, double>
        {
            ["etcd_probe_cluster_leader_changes_total"] = 1,
            ["etcd_probe_cluster_term_changes_total"] = 1,
            ["etcd_probe_cluster_leaderless_seconds_total"] = 2,
            ["etcd_probe_consistency_violations_total lost_write"] = 2,
        });
    }

    [Fact]
    public void What_is_found_between_rounds_counts_beside_what_rounds_have_counted()
    {
        _rounds.Record(new RoundOutcome(new LeadershipChanges(true, false, TimeSpan.Zero, []), []));

        _rounds.Record(new RoundOutcome(LeadershipChanges.None, [new Violation(ViolationKind.HashMismatch, "different data")]));

        Moved().Values.Should().Equal(1, 1);
    }

    [Fact]
    public void Where_nobody_is_a_member_nothing_is_counted_or_shown()
    {
        _rounds.Record(new RoundOutcome(new LeadershipChanges(true, true, TimeSpan.Zero, []), []) { HasMembers = false });

        Series().Should().BeEmpty();
    }

    public void Dispose() => _owner.Dispose();

    private Dictionary<string, double> Moved() => Series().Where(s => s.Value != 0).ToDictionary(s => s.Key, s => s.Value);

    private Dictionary<string, double> Series() => _registry.Collect()
        .SelectMany(f => f.Series.Where(s => s.Labels.Values.FirstOrDefault() == "c").Select(s => (Key: string.Join(' ', [f.Name, .. s.Labels.Values.Skip(1)]), s.Value)))
        .ToDictionary(s => s.Key, s => s.Value);
}
