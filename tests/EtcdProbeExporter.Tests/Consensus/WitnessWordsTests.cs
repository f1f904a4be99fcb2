using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>The sentence of each broken promise, and what accuses nobody.</summary>
public sealed class WitnessWordsTests
{
    private readonly ConsistencyWitness _witness = new();
    private double _now;

    public WitnessWordsTests() => Observe(1, 2);

    [Fact]
    public void A_stale_read_is_told_with_both_revisions_and_who_gave_it()
    {
        Acknowledge(20);
        Read(19, null);

        Observe(1, 2).Single().What.Should().Be("a linearizable read through member ab answered at revision 19, revision 20 had been acknowledged before it began");
    }

    [Fact]
    public void A_lost_write_is_told_with_its_key()
    {
        Acknowledge(20);
        Read(30, 15);

        Observe(1, 2).Single().What.Should().Be("member ab has revision 15 of k at store revision 30, revision 20 of it had been acknowledged");
    }

    [Fact]
    public void A_read_that_is_stale_is_not_a_lost_write_as_well()
    {
        Acknowledge(20);
        Read(19, 15);

        Observe(1, 2).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.StaleLinearizableRead);
    }

    [Fact]
    public void A_key_is_bound_by_its_own_writes_only()
    {
        Acknowledge(20);
        Acknowledge(25, key: "other");
        Read(25, 20);
        Read(25, 3, key: "third");

        Observe(1, 2).Should().BeEmpty();
    }

    [Fact]
    public void Divergence_is_told_of_each_pair_with_the_entry_and_both_revisions()
    {
        for (var i = 0; i < 2; i++)
        {
            Observe((1, 100, 50), (2, 101, 50), (3, 100, 50)).Should().BeEmpty();
        }

        Observe((1, 100, 50), (2, 101, 50), (3, 100, 50)).Select(v => v.What).Should().Equal(
            "members 1 and 2 have both applied entry 50 and stand at revisions 100 and 101",
            "members 2 and 3 have both applied entry 50 and stand at revisions 101 and 100");
    }

    [Fact]
    public void A_round_at_different_entries_does_not_undo_what_was_seen_of_a_pair()
    {
        Observe((1, 100, 50), (2, 101, 50));
        Observe((1, 100, 50), (2, 101, 50));
        Observe((1, 103, 53), (2, 103, 52)).Should().BeEmpty();

        Observe((1, 110, 60), (2, 111, 60)).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.RevisionDivergence);
    }

    [Fact]
    public void Equal_revisions_for_one_round_begin_the_count_anew()
    {
        Observe((1, 100, 50), (2, 101, 50));
        Observe((1, 100, 50), (2, 101, 50));
        Observe((1, 105, 55), (2, 105, 55));
        Observe((1, 110, 60), (2, 111, 60)).Should().BeEmpty();
        Observe((1, 112, 62), (2, 113, 62)).Should().BeEmpty();
        Observe((1, 114, 64), (2, 115, 64)).Should().HaveCount(1);
    }

    [Fact]
    public void Members_that_agree_all_the_time_have_not_diverged()
    {
        for (var i = 0; i < 5; i++)
        {
            Observe((1, 100 + i, 50 + (ulong)i), (2, 100 + i, 50 + (ulong)i)).Should().BeEmpty();
        }
    }

    [Fact]
    public void Answers_of_another_cluster_bind_nobody_and_accuse_nobody()
    {
        Acknowledge(500, cluster: 0xbad);
        Read(20, 20);
        Observe(1, 2).Should().BeEmpty();

        Acknowledge(30);
        Read(5, 5, cluster: 0xbad);
        Acknowledge(30);
        Observe(1, 2).Should().BeEmpty();
    }

    [Fact]
    public void What_was_acknowledged_before_anything_is_known_of_the_cluster_is_of_the_cluster_that_answered()
    {
        var fresh = new ConsistencyWitness();
        fresh.Acknowledged(new ResponseFacts(Told.ClusterId, 1, 20, 2), "k", TimeSpan.FromSeconds(1));
        fresh.LinearizableRead(new ResponseFacts(Told.ClusterId, 1, 19, 2), "k", 19, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));

        fresh.Observe(View(5, (1, 20, 20))).Violations.Should().HaveCount(1);
    }

    [Fact]
    public void A_round_in_which_nobody_answers_settles_nothing()
    {
        Acknowledge(20);
        Read(19, null);

        _witness.Observe(ClusterViews.Of([Told.Endpoint("m1:2379", null)])).Should().Be(WitnessFindings.None);
        Observe(1, 2).Should().HaveCount(1);
    }

    [Fact]
    public void Where_status_is_withheld_nobody_can_be_asked_and_the_next_round_tells()
    {
        Acknowledge(20);
        Read(19, null);
        var withheld = Told.Endpoint("m1:2379", null) with { Headers = new ResponseFacts(Told.ClusterId, 1, 20, 2) };

        _witness.Observe(ClusterViews.Of([withheld])).Violations.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(12.99, 0)]
    [InlineData(13, 1)]
    public void One_member_that_was_asked_since_settles_it(double asked, int violations)
    {
        Acknowledge(20);
        Read(19, null); // its answer was here at second 13

        var view = ClusterViews.Of(
            [Told.Endpoint("m1:2379", Told.Status(1, leader: 1, commit: 21, revision: 20), asked), Told.Endpoint("m2:2379", Told.Status(2, leader: 1, commit: 22, revision: 20), 11)]);

        _witness.Observe(view).Violations.Should().HaveCount(violations);
    }

    [Fact]
    public void While_it_is_open_whether_the_cluster_was_restored_nothing_is_said()
    {
        Observe((1, 100, 50), (2, 100, 50));
        Acknowledge(100);
        Read(20, null);

        Observe((1, 10, 5)).Should().BeEmpty("it may have been restored");
        Observe((1, 11, 6), (2, 101, 51)).Select(v => v.Kind).Should().Equal(ViolationKind.RevisionRegression, ViolationKind.StaleLinearizableRead);
    }

    [Fact]
    public void After_a_restore_what_was_seen_before_counts_no_more()
    {
        Observe((1, 100, 50), (2, 101, 50));
        Observe((1, 100, 50), (2, 101, 50));
        Acknowledge(100);

        Observe((1, 30, 5), (2, 30, 6)).Should().BeEmpty();
        Read(31, 3);
        Observe((1, 40, 10), (2, 41, 10)).Should().BeEmpty("neither revisions nor keys nor differences of before count");
        Acknowledge(50);
        Read(49, null);
        Observe((1, 50, 20), (2, 51, 20)).Should().HaveCount(1, "and what is acknowledged since does");
    }

    [Fact]
    public void Different_hashes_are_told_with_their_endpoints_of_the_members_that_can_be_compared()
    {
        ConsistencyWitness.Hashes(7, [("a:1", 0xab, 3), ("b:1", 0xcd, 3), ("c:1", 9, 6)])!.What
            .Should().Be("different data at revision 7: a:1 000000ab, b:1 000000cd");
    }

    [Fact]
    public void Two_kinds_break_linearizability_and_the_others_do_not()
    {
        ViolationKinds.All.Where(k => k.BreaksLinearizability()).Should().Equal(ViolationKind.StaleLinearizableRead, ViolationKind.LostWrite);
    }

    [Fact]
    public void A_word_that_is_not_published_has_no_label()
    {
        FluentActions.Invoking(() => ((ViolationKind)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a violation*");
        FluentActions.Invoking(() => ((SplitBrainState)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a state*");
        FluentActions.Invoking(() => ((EndpointState)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a state*");
        FluentActions.Invoking(() => ((FailureReason)99).Label()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("not a reason*");
    }

    [Fact]
    public void The_labels_of_the_split_brain_verdict_are_the_published_set()
    {
        SplitBrainStates.All.Select(s => s.Label()).Should().Equal("none", "stale_leader", "suspected", "confirmed");
    }

    private void Acknowledge(long revision, string key = "k", ulong cluster = Told.ClusterId) =>
        _witness.Acknowledged(new ResponseFacts(cluster, 1, revision, 2), key, TimeSpan.FromSeconds(_now + 1));

    private void Read(long revision, long? modRevision, string key = "k", ulong cluster = Told.ClusterId) => _witness.LinearizableRead(
        new ResponseFacts(cluster, 0xab, revision, 2), key, modRevision, TimeSpan.FromSeconds(_now + 2), TimeSpan.FromSeconds(_now + 3));

    private IReadOnlyList<Violation> Observe(params ulong[] members) => Observe([.. members.Select(m => (m, 20L, 20 + m))]);

    private IReadOnlyList<Violation> Observe(params (ulong Member, long Revision, ulong Applied)[] samples) =>
        _witness.Observe(View(_now += 10, samples)).Violations;

    private static ClusterView View(double now, params (ulong Member, long Revision, ulong Applied)[] samples) => ClusterViews.Of([.. samples.Select(s =>
        Told.Endpoint($"m{s.Member}:2379", Told.Status(s.Member, leader: 1, commit: s.Applied, revision: s.Revision), now))]);
}
