using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class ConsistencyWitnessTests
{
    private readonly ConsistencyWitness _witness = new();
    private readonly List<Restoration> _restored = [];
    private double _now;

    public ConsistencyWitnessTests() => Round(10);

    [Fact]
    public void A_read_that_began_after_an_acknowledgement_and_is_older_is_stale()
    {
        Acknowledge(20, at: 1);
        Read(19, modRevision: null, started: 1.5);

        Round(20).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.StaleLinearizableRead);
        Round(20).Should().BeEmpty("a violation is counted once");
    }

    [Fact]
    public void A_read_that_began_before_the_acknowledgement_may_be_older()
    {
        Acknowledge(20, at: 1);
        Read(19, modRevision: null, started: 0.9);

        Round(20).Should().BeEmpty();
    }

    [Fact]
    public void A_newer_answer_is_fine_whoever_wrote()
    {
        Acknowledge(20, at: 1);
        Read(35, modRevision: 33, started: 2);

        Round(35).Should().BeEmpty("another exporter has written the same key");
    }

    [Fact]
    public void An_acknowledged_write_whose_key_is_older_than_it_is_lost()
    {
        Acknowledge(20, at: 1);
        Read(30, modRevision: 15, started: 2);

        Round(30).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.LostWrite);
    }

    [Fact]
    public void A_key_that_is_not_there_was_deleted_by_somebody_and_accuses_nobody()
    {
        Acknowledge(20, at: 1);
        Read(30, modRevision: null, started: 2);

        Round(30).Should().BeEmpty();
    }

    [Fact]
    public void A_write_that_was_never_carried_out_binds_reads_to_its_revision_and_no_key()
    {
        _witness.Acknowledged(new ResponseFacts(Told.ClusterId, 1, 20, 2), null, TimeSpan.FromSeconds(1));
        Read(25, modRevision: 5, started: 2);
        Round(25).Should().BeEmpty();

        Read(19, modRevision: 5, started: 2);
        Round(25).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.StaleLinearizableRead);
    }

    [Fact]
    public void A_suspicion_waits_until_members_have_been_asked_again()
    {
        Acknowledge(20, at: 1);
        Read(19, modRevision: null, started: 2);

        Observe(Told.Endpoint("m1:2379", Told.Status(1, leader: 1, revision: 20), atSeconds: 1.5)).Should().BeEmpty();
        Observe(Told.Endpoint("m1:2379", Told.Status(1, leader: 1, revision: 20), atSeconds: 3)).Should().HaveCount(1);
    }

    [Fact]
    public void A_revision_that_goes_back_on_one_member_is_a_regression()
    {
        Round(100, 100);

        Round(100, 90).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.RevisionRegression);
        Round(100, 95).Should().BeEmpty("it rises again from where it fell to");
    }

    [Fact]
    public void A_term_that_goes_back_on_one_member_is_a_regression()
    {
        Observe(Sample(1, 10, term: 5), Sample(2, 10, term: 5));

        Observe(Sample(1, 11, term: 5), Sample(2, 11, term: 4)).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.TermRegression);
    }

    [Fact]
    public void Answers_that_were_under_way_at_once_may_come_in_either_order()
    {
        Observe(Told.Endpoint("m1:2379", Told.Status(1, leader: 1, revision: 50), atSeconds: 10));

        Observe(Told.Endpoint("m1:2379", Told.Status(1, leader: 1, revision: 49), atSeconds: 10.005)).Should().BeEmpty();
    }

    [Fact]
    public void A_restored_cluster_starts_anew()
    {
        Observe(Sample(1, 100, term: 9), Sample(2, 100, term: 9));
        Acknowledge(120, at: 5);
        Read(60, modRevision: 30, started: 6);

        Observe(Sample(1, 60, term: 2), Sample(2, 60, term: 2)).Should().BeEmpty();
        Observe(Sample(1, 61, term: 2), Sample(2, 61, term: 2)).Should().BeEmpty();
        _restored.Should().ContainSingle().Which.ToString().Should().Be("term 9 → 2, revision 100 → 60, at least 40 revisions lost");
    }

    [Fact]
    public void A_whole_cluster_that_lost_writes_without_losing_its_term_was_not_restored()
    {
        Observe(Sample(1, 100, term: 9));

        Observe(Sample(1, 90, term: 10)).Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.RevisionRegression);
    }

    [Fact]
    public void Another_cluster_behind_the_same_addresses_starts_anew()
    {
        Acknowledge(500, at: 1);

        Observe(Told.Endpoint("m1:2379", Told.Status(7, leader: 7, revision: 3, cluster: 0xdd), atSeconds: 20)).Should().BeEmpty();
        _witness.LinearizableRead(new ResponseFacts(0xdd, 7, 3, 1), "k", 3, TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(22));
        Observe(Told.Endpoint("m1:2379", Told.Status(7, leader: 7, revision: 4, cluster: 0xdd), atSeconds: 23)).Should().BeEmpty();
    }

    [Fact]
    public void A_replaced_member_and_another_one_behind_a_balancer_accuse_nobody()
    {
        Observe(Sample(1, 100), Sample(2, 100));

        Observe(Sample(1, 101), Sample(3, 4)).Should().BeEmpty();
        Observe(Sample(2, 102), Sample(1, 102)).Should().BeEmpty();
    }

    [Fact]
    public void Equal_applied_indexes_with_a_lasting_difference_in_revision_are_divergence()
    {
        Observe(Sample(1, 100, applied: 50), Sample(2, 101, applied: 50)).Should().BeEmpty();
        Observe(Sample(1, 105, applied: 60), Sample(2, 106, applied: 60)).Should().BeEmpty();

        Observe(Sample(1, 109, applied: 70), Sample(2, 110, applied: 70)).Should().ContainSingle()
            .Which.Kind.Should().Be(ViolationKind.RevisionDivergence);
        Observe(Sample(1, 119, applied: 80), Sample(2, 120, applied: 80)).Should().BeEmpty("the same divergence is counted once");
    }

    [Fact]
    public void A_difference_that_changes_or_goes_is_the_time_between_two_answers()
    {
        Observe(Sample(1, 100, applied: 50), Sample(2, 101, applied: 50)).Should().BeEmpty();
        Observe(Sample(1, 105, applied: 60), Sample(2, 107, applied: 60)).Should().BeEmpty();
        Observe(Sample(1, 109, applied: 70), Sample(2, 109, applied: 70)).Should().BeEmpty();
        Observe(Sample(1, 110, applied: 71), Sample(2, 111, applied: 71)).Should().BeEmpty();
        Observe(Sample(1, 112, applied: 75), Sample(2, 113, applied: 75)).Should().BeEmpty();
    }

    [Fact]
    public void Different_hashes_at_one_revision_are_a_mismatch()
    {
        ConsistencyWitness.Hashes(7, [("a", 1, 3), ("b", 1, 3)]).Should().BeNull();
        ConsistencyWitness.Hashes(7, [("a", 1, 3), ("b", 2, 3), ("c", 1, 3)])!.Kind.Should().Be(ViolationKind.HashMismatch);
        ConsistencyWitness.Hashes(7, [("a", 1, 3), ("b", 1, 3), ("c", 2, 6)]).Should().BeNull("it was compacted further");
        ConsistencyWitness.Hashes(7, [("a", 1, 3)]).Should().BeNull();
        ConsistencyWitness.Hashes(7, []).Should().BeNull();
    }

    [Fact]
    public void The_label_values_are_the_published_set()
    {
        ViolationKinds.All.Select(k => k.Label()).Should().Equal(
            "stale_linearizable_read", "lost_write", "revision_regression", "term_regression", "revision_divergence", "hash_mismatch");
    }

    private void Acknowledge(long revision, double at) =>
        _witness.Acknowledged(new ResponseFacts(Told.ClusterId, 1, revision, 2), "k", TimeSpan.FromSeconds(at));

    private void Read(long revision, long? modRevision, double started) => _witness.LinearizableRead(
        new ResponseFacts(Told.ClusterId, 2, revision, 2), "k", modRevision, TimeSpan.FromSeconds(started), TimeSpan.FromSeconds(started + 0.1));

    private IReadOnlyList<Violation> Round(params long[] revisions) =>
        Observe([.. revisions.Select((r, i) => Sample((ulong)i + 1, r))]);

    private static (ulong Member, long Revision, ulong Term, ulong Applied) Sample(ulong member, long revision, ulong term = 2, ulong? applied = null) =>
        (member, revision, term, applied ?? (ulong)revision + member);

    private IReadOnlyList<Violation> Observe(params (ulong Member, long Revision, ulong Term, ulong Applied)[] samples)
    {
        _now += 10;
        return Observe([.. samples.Select(s => Told.Endpoint(
            $"m{s.Member}:2379", Told.Status(s.Member, leader: 1, term: s.Term, commit: s.Applied, revision: s.Revision), atSeconds: _now))]);
    }

    private IReadOnlyList<Violation> Observe(params EndpointObservation[] observations)
    {
        var findings = _witness.Observe(ClusterViews.Of(observations));
        _restored.AddRange(findings.Restored is { } restored ? [restored] : Array.Empty<Restoration>());
        return findings.Violations;
    }
}
