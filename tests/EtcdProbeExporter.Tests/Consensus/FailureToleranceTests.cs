using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Who counts for a quorum: never more is said than is known, and never that it is lost while it works.</summary>
public sealed class FailureToleranceTests
{
    [Theory]
    [InlineData(EndpointState.Healthy, 1)]
    [InlineData(EndpointState.NoSpace, 1)]
    [InlineData(EndpointState.Corrupt, 1)]
    [InlineData(EndpointState.Unauthorized, 1)]
    [InlineData(EndpointState.TlsError, 1)]
    [InlineData(EndpointState.Slow, 1)]
    [InlineData(EndpointState.ApplyStalled, 1)]
    [InlineData(EndpointState.WatchStalled, 1)]
    [InlineData(EndpointState.Defragmenting, 1)]
    [InlineData(EndpointState.NoLeader, -2)]
    [InlineData(EndpointState.WriteStalled, -2)]
    [InlineData(EndpointState.Unresponsive, -2)]
    [InlineData(EndpointState.Unreachable, -2)]
    internal void Three_members_in_one_state_while_they_name_a_leader(EndpointState state, int tolerance) =>
        View(null, [.. Members(3, 1, _ => state)]).FailureTolerance.Should().Be(tolerance);

    [Fact]
    public void While_nobody_leads_everybody_who_answers_may_be_part_of_the_next_quorum() =>
        View(false, [.. Members(3, 0, _ => EndpointState.NoLeader)]).FailureTolerance.Should().Be(1);

    [Fact]
    public void After_a_loss_of_three_of_five_one_returning_member_is_enough()
    {
        var view = View(false, [.. Members(5, 0, i => i <= 2 ? EndpointState.NoLeader : EndpointState.Unreachable)]);

        (view.FailureTolerance, view.AnsweringVoters, view.HealthyVoters, view.QuorumSize).Should().Be((-1, 2, 0, 3));
    }

    [Fact]
    public void It_is_never_negative_while_writes_are_acknowledged() =>
        View(true, [.. Members(3, 1, i => i == 1 ? EndpointState.Healthy : EndpointState.WriteStalled)]).FailureTolerance.Should().Be(0);

    [Fact]
    public void A_learner_that_is_not_probed_or_never_started_changes_nothing()
    {
        var list = Told.List(5, 4, 5).Select(m => m.Id == 5 ? m with { Name = "", ClientUrls = [] } : m).ToList();
        var view = View(true, [.. Members(3, 1, _ => EndpointState.Healthy, list)]);

        (view.FailureTolerance, view.Voters!.Count, view.Learners).Should().Be((1, 3, 2));
        view.Mismatch.LearnerNotProbed.Should().Equal("m4");
        view.Mismatch.NeverStarted.Should().Equal("5");
        view.Mismatch.NotProbed.Should().BeEmpty();
    }

    [Fact]
    public void Two_voters_and_a_learner_that_is_not_probed_elect_by_two_voices_and_not_by_one()
    {
        var list = Told.List(3, 3);
        EndpointObservation[] one = [Observation(1, 1, EndpointState.Healthy, list), Observation(2, 0, EndpointState.NoLeader, list)];

        View(null, one).Leader.Should().BeNull();
        View(null, [one[0], Observation(2, 1, EndpointState.Healthy, list)]).Leader!.MemberId.Should().Be(1);
    }

    [Fact]
    public void A_voter_that_never_started_is_known_to_take_no_part()
    {
        var list = Told.List(4).Select(m => m.Id == 4 ? m with { Name = "", ClientUrls = [] } : m).ToList();

        View(true, [.. Members(3, 1, _ => EndpointState.Healthy, list)]).FailureTolerance.Should().Be(0);
    }

    [Fact]
    public void A_removed_member_is_outside_the_list_though_etcd_has_ended_it()
    {
        var view = View(true, [.. Members(2, 1, _ => EndpointState.Healthy, Told.List(2)), Told.Endpoint("m3:2379", null, state: EndpointState.Unreachable, lastMember: 3)]);

        view.Mismatch.NotInMemberList.Should().Equal("m3:2379");
        view.FailureTolerance.Should().Be(0);
    }

    [Fact]
    public void Member_and_list_may_disagree_on_who_learns()
    {
        var view = View(true, Observation(1, 1, EndpointState.Healthy, Told.List(2)), Observation(2, 1, EndpointState.Learner, Told.List(2), learner: true));

        view.Mismatch.LearnerDisagrees.Should().Equal("m2:2379");
        view.Mismatch.Kinds.Select(k => k.Kind).Should().Equal(
            "not_in_member_list", "not_probed", "learner_not_probed", "never_started", "learner_disagrees", "duplicate_member", "foreign_cluster");
    }

    [Fact]
    public void The_last_known_list_and_cluster_stay_in_force_while_nobody_answers()
    {
        var context = new ViewContext { ClusterId = Told.ClusterId, MemberList = Told.List(3), Writable = false };
        var view = ClusterViews.Of(
            [.. Enumerable.Range(1, 3).Select(i => Told.Endpoint($"m{i}:2379", null, state: EndpointState.Unreachable, lastMember: (ulong)i)),
                Told.Endpoint("x:2379", Told.Status(9, 9, cluster: 0xbad), state: EndpointState.Foreign)],
            context);

        (view.FailureTolerance, view.AnsweringVoters, view.QuorumSize, view.MainClusterId).Should().Be((-2, 0, 2, Told.ClusterId));
        view.Leader.Should().BeNull("a stranger leads nothing of ours");
        view.Mismatch.ForeignCluster.Should().Equal("x:2379");
    }

    [Fact]
    public void The_leader_has_an_address_though_its_own_status_hangs()
    {
        var hung = Told.Endpoint("m1:2379", null, state: EndpointState.WriteStalled, lastMember: 1);

        View(true, hung, Observation(2, 1, EndpointState.Healthy), Observation(3, 1, EndpointState.Healthy)).Leader
            .Should().Be(new AgreedLeader(1, "m1", "m1:2379", 2));
    }

    private static IEnumerable<EndpointObservation> Members(
        int count, ulong leader, Func<int, EndpointState> state, IReadOnlyList<ClusterMember>? list = null) =>
        Enumerable.Range(1, count).Select(i => Observation((ulong)i, leader, state(i), list ?? Told.List(count)));

    private static EndpointObservation Observation(
        ulong member, ulong leader, EndpointState state, IReadOnlyList<ClusterMember>? list = null, bool learner = false) =>
        Told.Endpoint($"m{member}:2379", Told.Status(member, leader, learner: learner), members: list ?? Told.List(3), state: state);

    private static ClusterView View(bool? writable, params EndpointObservation[] observations) =>
        ClusterViews.Of(observations, new ViewContext { Writable = writable });
}
