using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class ClusterViewsTests
{
    [Fact]
    public void Three_healthy_members_agree()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 2), members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 2, revision: 12), members: Told.List(3)),
            Told.Endpoint("m3:2379", Told.Status(3, leader: 2), members: Told.List(3)));

        view.Leader.Should().Be(new AgreedLeader(2, "m2", "m2:2379", 2));
        view.Claims.Should().Equal(new LeaderClaim(2, "m2", "m2:2379", 2));
        view.ClusterIds.Should().Equal(Told.ClusterId);
        (view.Voters!.Count, view.Learners, view.QuorumSize, view.HealthyVoters, view.FailureTolerance).Should().Be((3, 0, 2, 3, 1));
        (view.LeaderViews, view.MemberListViews, view.ClaimsInMaxTerm).Should().Be((1, 1, 1));
        (view.MaxRevision - view.MinRevision).Should().Be(2);
        view.Mismatch.Any.Should().BeFalse();
    }

    [Fact]
    public void A_hung_leader_and_its_successor_are_two_claims_one_in_the_highest_term()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1, term: 12082), members: Told.List(3), state: EndpointState.WriteStalled),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 2, term: 12083), members: Told.List(3)),
            Told.Endpoint("m3:2379", Told.Status(3, leader: 2, term: 12083), members: Told.List(3)));

        view.Claims.Should().HaveCount(2);
        view.ClaimsInMaxTerm.Should().Be(1);
        view.Leader!.MemberName.Should().Be("m2");
        (view.LeaderViews, view.FailureTolerance).Should().Be((2, 0));
        (view.MaxTerm - view.MinTerm).Should().Be(1);
    }

    [Fact]
    public void A_lone_survivor_has_no_leader_and_the_tolerance_is_negative()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 0), members: Told.List(3), state: EndpointState.NoLeader),
            Told.Endpoint("m2:2379", null, state: EndpointState.Unreachable, lastMember: 2),
            Told.Endpoint("m3:2379", null, state: EndpointState.Unreachable, lastMember: 3));

        view.Leader.Should().BeNull();
        view.LeaderViews.Should().Be(0);
        view.FailureTolerance.Should().Be(-1, "one returning member is enough");
        (view.HealthyVoters, view.AnsweringVoters).Should().Be((0, 1));
        view.Mismatch.Any.Should().BeFalse("members that are down are still probed");
    }

    [Fact]
    public void Where_status_is_withheld_members_are_known_by_the_headers_of_other_answers()
    {
        EndpointObservation Withheld(ulong member, ulong cluster = Told.ClusterId) =>
            Told.Endpoint($"balancer{member}:2379", null, state: EndpointState.Healthy) with
            {
                Headers = new ResponseFacts(cluster, member, 10 + (long)member, 7),
                Members = Told.List(3),
            };

        var view = View(Withheld(1), Withheld(2), Withheld(3), Withheld(9, cluster: 0xbad));

        (view.Leader, view.Claims.Count, view.Members.Count).Should().Be((null, 0, 0));
        (view.MaxTerm, view.MinTerm, view.MaxRevision, view.MinRevision).Should().Be((7, 7, 13, 11));
        (view.HealthyVoters, view.FailureTolerance).Should().Be((3, 1));
        view.ClusterIds.Should().HaveCount(2);
        view.Mismatch.ForeignCluster.Should().Equal("balancer9:2379");
        view.Mismatch.NotProbed.Should().BeEmpty();
    }

    [Fact]
    public void One_vote_of_three_makes_no_leader()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 0), members: Told.List(3)),
            Told.Endpoint("m3:2379", null, state: EndpointState.Unresponsive, lastMember: 3));

        view.Leader.Should().BeNull();
    }

    [Fact]
    public void Where_one_member_of_three_is_probed_its_word_is_taken_and_the_tolerance_is_unknown()
    {
        var view = View(Told.Endpoint("m1:2379", Told.Status(1, leader: 2), members: Told.List(3)));

        view.Leader.Should().Be(new AgreedLeader(2, "m2", "", 2));
        view.FailureTolerance.Should().BeNull();
        view.Mismatch.NotProbed.Should().Equal("m2", "m3");
    }

    [Fact]
    public void Learners_have_no_vote_and_are_not_in_the_quorum()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(4, 4)),
            Told.Endpoint("m2:2379", null, state: EndpointState.Unreachable, lastMember: 2),
            Told.Endpoint("m3:2379", null, state: EndpointState.Unreachable, lastMember: 3),
            Told.Endpoint("m4:2379", Told.Status(4, leader: 1, learner: true), members: Told.List(4, 4), state: EndpointState.Learner));

        (view.Voters!.Count, view.Learners, view.QuorumSize, view.HealthyVoters).Should().Be((3, 1, 2, 1));
        view.Leader.Should().BeNull("a learner's word makes no quorum");
    }

    [Fact]
    public void One_member_behind_two_addresses_counts_once()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(3)),
            Told.Endpoint("alias:2379", Told.Status(1, leader: 1), atSeconds: 1, members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: Told.List(3)));

        view.Claims.Should().HaveCount(1);
        view.HealthyVoters.Should().Be(2);
        view.Mismatch.DuplicateMember.Should().Equal("alias:2379");
        view.Mismatch.NotProbed.Should().Equal("m3");
    }

    [Fact]
    public void An_endpoint_of_another_cluster_is_named_and_left_out_of_everything_else()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(2)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: Told.List(2)),
            Told.Endpoint("x:2379", Told.Status(9, leader: 9, term: 77, cluster: 0xc2), members: Told.List(1), state: EndpointState.Foreign));

        view.ClusterIds.Should().HaveCount(2);
        view.MainClusterId.Should().Be(Told.ClusterId);
        view.Claims.Should().HaveCount(1);
        view.MaxTerm.Should().Be(2);
        view.Mismatch.ForeignCluster.Should().Equal("x:2379");
        view.Mismatch.NotProbed.Should().BeEmpty();
    }

    [Fact]
    public void A_removed_member_that_still_runs_is_not_in_the_list()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(2)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: Told.List(2)),
            Told.Endpoint("m3:2379", Told.Status(3, leader: 0)));

        view.Mismatch.NotInMemberList.Should().Equal("m3:2379");
    }

    [Fact]
    public void A_member_whose_endpoint_never_answered_is_matched_by_its_address()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: Told.List(3)),
            Told.Endpoint("M3:2379", null, state: EndpointState.Unreachable));

        view.Mismatch.NotProbed.Should().BeEmpty();
        view.FailureTolerance.Should().Be(0);
    }

    [Fact]
    public void An_address_that_no_member_advertises_may_be_any_member_that_is_left()
    {
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: Told.List(3)),
            Told.Endpoint("10.0.0.3:2379", null, state: EndpointState.Unreachable));

        view.Mismatch.NotProbed.Should().BeEmpty();
        view.FailureTolerance.Should().Be(0);
    }

    [Fact]
    public void Different_member_lists_are_counted_and_names_do_not_make_a_difference()
    {
        var renamed = Told.List(3).Select(m => m with { Name = "" }).ToList();
        var view = View(
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), members: Told.List(3)),
            Told.Endpoint("m2:2379", Told.Status(2, leader: 1), members: renamed),
            Told.Endpoint("m3:2379", Told.Status(3, leader: 1), members: Told.List(2)));

        view.MemberListViews.Should().Be(2);
        view.Voters.Should().HaveCount(3, "most members have that list");
    }

    [Fact]
    public void Nobody_answering_leaves_everything_unknown()
    {
        var view = View(Told.Endpoint("m1:2379", null, state: EndpointState.Unreachable));

        (view.MainClusterId, view.MaxTerm, view.Voters, view.QuorumSize, view.FailureTolerance).Should().Be((null, null, null, null, null));
        view.Leader.Should().BeNull();
    }

    private static ClusterView View(params EndpointObservation[] observations) => ClusterViews.Of(observations);
}
