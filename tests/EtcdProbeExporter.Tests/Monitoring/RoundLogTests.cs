using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;
using EtcdProbeExporter.Tests.Web;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Every line that rounds write, word by word, and that nothing is written twice.</summary>
public sealed class RoundLogTests
{
    private static readonly RoundOutcome Nothing = new(LeadershipChanges.None, []);
    private static readonly LeaderClaim M1 = new(1, "m1", "m1:2379", 7);
    private static readonly LeaderClaim M2 = new(2, "m2", "m2:2379", 8);
    private static readonly LeaderClaim M3 = new(3, "m3", "m3:2379", 7);

    private readonly RecordingLogger<RoundLog> _logger = new();
    private readonly RoundLog _log;

    public RoundLogTests() => _log = new RoundLog("prod", _logger);

    [Fact]
    public void A_new_leader_is_told_once_and_so_is_its_loss()
    {
        Round(leader: 1).Should().Equal("Information m1 (1) leads prod at term 7");
        Round(leader: 1).Should().BeEmpty();
        Round(leader: 0).Should().Equal("Warning no quorum of prod names a leader");
        Round(leader: 0).Should().BeEmpty();
        Silence().Should().BeEmpty("nobody answers: that says nothing of a leader");
        Round(leader: 2).Should().Equal("Information m2 (2) leads prod at term 7");
        Silence().Should().BeEmpty();
        Round(leader: 2).Should().BeEmpty();
    }

    [Fact]
    public void Without_a_leader_from_the_start_nothing_has_changed()
    {
        Round(leader: 0).Should().BeEmpty();
        Silence().Should().BeEmpty();
    }

    [Fact]
    public void A_verdict_is_told_when_it_comes_and_changes_and_when_it_is_over()
    {
        Round(leader: 1);

        Round(1, Stale([M1], M2)).Should().Equal("Warning split-brain verdict on prod is now stale_leader: why");
        Round(1, Stale([M1 with { Term = 8 }], M2) with { Evidence = "the same in other words" }).Should().BeEmpty();
        Round(1, Stale([M1, M3], M2)).Should().HaveCount(1, "another one is stale too");
        Round(1, Stale([M3, M1], M2)).Should().BeEmpty("in whatever order");
        Round(1, Stale([M1, M3], null)).Should().HaveCount(1, "nobody knows who leads any more");
        Round(1, Stale([M1, M3], null) with { State = SplitBrainState.Confirmed }).Should().Equal("Warning split-brain verdict on prod is now confirmed: why");
        Round(1).Should().Equal("Information split-brain verdict on prod is none again");
        Round(1).Should().BeEmpty();
    }

    [Fact]
    public void Events_of_a_round_have_their_lines()
    {
        Round(leader: 1);
        var outcome = new RoundOutcome(LeadershipChanges.None, [new Violation(ViolationKind.LostWrite, "this is gone"), new Violation(ViolationKind.TermRegression, "and that")])
        {
            Exchanged = new ClusterExchange(0xab, 0xcd),
            Restored = new Restoration(7, 2, 270, 36),
        };

        Round(1, outcome: outcome).Should().Equal(
            "Warning prod is another cluster now: most of its endpoints showed id ab and show cd",
            "Warning prod was restored from a snapshot: term 7 → 2, revision 270 → 36, at least 234 revisions lost; what had been acknowledged before counts no more",
            "Error prod broke a promise of consistency, lost_write: this is gone",
            "Error prod broke a promise of consistency, term_regression: and that");
    }

    private static SplitBrainVerdict Stale(IReadOnlyList<LeaderClaim> stale, LeaderClaim? leader) =>
        new(SplitBrainState.StaleLeader, TimeSpan.Zero, "why", stale, leader);

    private List<string> Round(ulong leader, SplitBrainVerdict? verdict = null, RoundOutcome? outcome = null) => Lines(
        Reported.Cluster([.. Enumerable.Range(1, 3).Select(i => Reported.Endpoint(i, Told.Status((ulong)i, leader, term: 7)))], verdict: verdict), outcome);

    private List<string> Silence() => Lines(Reported.Cluster([Reported.Endpoint(1, null)]), null);

    private List<string> Lines(ClusterReport report, RoundOutcome? outcome)
    {
        _logger.Entries.Clear();
        _log.Report(report, outcome ?? Nothing);
        return [.. _logger.Entries.Select(e => $"{e.Level} {e.Message}")];
    }
}
