using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Whose word counts where members contradict each other, and what is null because nobody knows it.</summary>
public sealed class ClusterViewLimitsTests
{
    [Fact]
    public void The_cluster_is_the_one_that_most_members_show_and_of_equals_the_one_that_was_configured_first()
    {
        var (a, b) = (Member(1, cluster: 0xa), Member(2, cluster: 0xb));

        ClusterViews.MostShown([a, b]).Should().Be(0xa);
        ClusterViews.MostShown([b, a]).Should().Be(0xb);
        ClusterViews.MostShown([a, b, Member(3, cluster: 0xb)]).Should().Be(0xb);
        ClusterViews.MostShown([a, b, b with { Endpoint = "alias:2379" }]).Should().Be(0xa, "a member behind two addresses is one");
        ClusterViews.MostShown([Silent(1)]).Should().BeNull();
        ClusterViews.Of([Silent(1), b, a]).MainClusterId.Should().Be(0xb);
    }

    [Fact]
    public void The_newest_sample_of_a_member_counts()
    {
        var view = View(Member(1, term: 3, at: 5), Member(1, term: 2, at: 4) with { Endpoint = "alias:2379" });

        view.Members.Select(m => m.Status.Term).Should().Equal(3);
    }

    [Fact]
    public void Of_two_lists_the_more_frequent_counts_and_of_equals_that_of_the_member_that_has_applied_more()
    {
        var (small, large) = (Told.List(2), Told.List(3));

        View(Member(1, applied: 9, list: small), Member(2, applied: 8, list: large)).MemberList.Should().BeSameAs(small);
        View(Member(1, applied: 8, list: small), Member(2, applied: 9, list: large)).MemberList.Should().BeSameAs(large);
        View(Member(1, applied: 1, list: small), Member(2, applied: 9, list: large), Member(3, applied: 2, list: Told.List(2))).MemberList.Should().BeSameAs(small);
        View(Member(1, applied: 1, list: small), Member(2, applied: 5, list: large), Member(3, applied: 4, list: Told.List(3)), Member(4, applied: 9, list: Told.List(2)))
            .MemberList.Should().BeSameAs(small, "of each list its most advanced member counts");
        View(Member(1, list: small), Withheld(2) with { Members = large }).MemberList.Should().BeSameAs(small, "nothing is known of what the other has applied");
    }

    [Fact]
    public void Lists_are_equal_whatever_the_order_of_their_rows_and_addresses_and_names()
    {
        ClusterMember[] list = [new(1, "m1", ["http://a", "http://b"], false), new(2, "m2", ["http://c"], true)];
        int Views(params ClusterMember[] other) => View(Member(1, list: list), Member(2, list: other)).MemberListViews;

        Views(list[1], list[0]).Should().Be(1);
        Views(list[0] with { ClientUrls = ["http://b", "http://a"] }, list[1]).Should().Be(1);
        Views(list[0] with { Name = "x" }, list[1]).Should().Be(1);
        Views(list[0], list[1] with { IsLearner = false }).Should().Be(2);
        Views(list[0] with { ClientUrls = ["http://a"] }, list[1]).Should().Be(2);
        Views(list[0] with { ClientUrls = ["http://ahttp://b"] }, list[1]).Should().Be(2);
        Views(list[0] with { Id = 3 }, list[1]).Should().Be(2);
    }

    [Fact]
    public void The_same_list_of_all_is_one_view_and_no_list_is_none()
    {
        var list = Told.List(2);

        View(Member(1, list: list), Member(2, list: list)).MemberListViews.Should().Be(1);
        View(Member(1, list: list), Member(2, list: [])).Should().Match<ClusterView>(v => v.MemberListViews == 1 && v.MemberList == list);
        View(Member(1), Member(2)).Should().Match<ClusterView>(v => v.MemberListViews == 0 && v.MemberList == null);
    }

    [Fact]
    public void What_nobody_knows_is_null()
    {
        var view = View(Silent(1));

        (view.Learners, view.HealthyVoters, view.AnsweringVoters, view.QuorumSize, view.MinRevision, view.MaxRevision, view.MinTerm)
            .Should().Be((null, null, null, null, null, null, null));
        (view.LeaderViews, view.ClaimsInMaxTerm, view.MemberListViews).Should().Be((0, 0, 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    public void A_quorum_is_more_than_half_of_the_voters(int voters, int quorum)
    {
        var list = Told.List(voters);
        EndpointObservation[] Naming(int count) => [.. Enumerable.Range(1, voters).Select(i => Member((ulong)i, leader: i <= count ? 1ul : 0, list: list))];

        View(Naming(voters)).QuorumSize.Should().Be(quorum);
        View(Naming(voters)).FailureTolerance.Should().Be(voters - quorum);
        View(Naming(quorum)).Leader!.MemberId.Should().Be(1);
        View(Naming(quorum - 1)).Leader.Should().BeNull();
    }

    [Fact]
    public void Where_fewer_voters_are_probed_than_make_a_quorum_all_of_them_must_agree()
    {
        var list = Told.List(5);

        View(Member(1, leader: 2, list: list), Member(3, leader: 2, list: list)).Leader!.MemberId.Should().Be(2);
        View(Member(1, leader: 2, list: list), Member(3, leader: 0, list: list)).Leader.Should().BeNull();
        View(Member(1, leader: 2, list: list), Silent(3)).Leader.Should().BeNull();
    }

    [Fact]
    public void Without_a_list_the_members_that_answer_are_all_there_are()
    {
        View(Member(1, leader: 2), Member(2, leader: 2), Member(3, leader: 0)).Leader!.MemberName.Should().Be("");
        var split = View(Member(1, leader: 2), Member(2, leader: 0));
        (split.Leader, split.HasLeader).Should().Be((null, false));
        var untold = View(Withheld(1));
        (untold.Leader, untold.HasLeader).Should().Be((null, null), "whoever withholds its status may know one");
    }

    [Fact]
    public void A_leader_is_where_it_answers_or_is_known_to_be()
    {
        var list = Told.List(3);
        EndpointObservation[] followers = [Member(2, leader: 1, list: list), Member(3, leader: 1, list: list)];

        View([Member(1, list: list) with { Endpoint = "now:1", Sample = Sample("now:1", 1) }, .. followers]).Leader!.Endpoint.Should().Be("now:1");
        View([Silent(1) with { Endpoint = "last:1" }, .. followers]).Leader!.Endpoint.Should().Be("last:1");
        View(followers).Leader!.Endpoint.Should().Be("", "nobody probes it");
    }

    [Fact]
    public void A_leader_that_never_answered_or_answers_only_in_part_is_at_the_endpoint_that_leads_to_it_best()
    {
        var list = Told.List(3);
        EndpointObservation[] followers = [Member(2, leader: 1, list: list), Member(3, leader: 1, list: list)];

        View([Told.Endpoint("m1:2379", null, state: EndpointState.Unreachable), .. followers]).Leader!.Endpoint.Should().Be("m1:2379");
        View([Silent(1) with { Endpoint = "dead:1" }, Silent(1) with { Endpoint = "hung:1", State = EndpointState.WriteStalled }, .. followers])
            .Leader!.Endpoint.Should().Be("hung:1");
    }

    [Fact]
    public void The_list_that_is_told_counts_more_than_the_one_that_was_known()
    {
        var (known, told) = (Told.List(2), Told.List(3));

        ClusterViews.Of([Member(1, list: told)], new ViewContext { MemberList = known }).MemberList.Should().BeSameAs(told);
        ClusterViews.Of([Member(1)], new ViewContext { MemberList = known }).MemberList.Should().BeSameAs(known);
    }

    [Fact]
    public void A_leader_outside_the_list_is_where_it_answered_last()
    {
        var list = Told.List(2);

        View(Member(1, leader: 7, list: list), Member(2, leader: 7, list: list), Silent(7)).Leader.Should().Be(new AgreedLeader(7, "", "m7:2379", 2));
    }

    [Fact]
    public void Claims_come_in_the_order_of_ids_and_those_of_the_highest_term_are_counted()
    {
        var list = Told.List(3);
        var view = View(Member(3, leader: 3, term: 9, list: list), Member(1, leader: 1, term: 8, list: list), Member(2, leader: 2, term: 9, list: list));

        view.Claims.Should().Equal(new LeaderClaim(1, "m1", "m1:2379", 8), new LeaderClaim(2, "m2", "m2:2379", 9), new LeaderClaim(3, "m3", "m3:2379", 9));
        (view.ClaimsInMaxTerm, view.LeaderViews).Should().Be((2, 3));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, -1)]
    [InlineData(null, -1)]
    public void Acknowledged_writes_prove_a_quorum(bool? writable, int tolerance)
    {
        var list = Told.List(3);
        EndpointObservation[] observations = [Member(1, list: list), Silent(2), Silent(3)];

        ClusterViews.Of(observations, new ViewContext { Writable = writable }).FailureTolerance.Should().Be(tolerance);
    }

    private static ClusterView View(params EndpointObservation[] observations) => ClusterViews.Of(observations);

    private static EndpointObservation Member(
        ulong id, ulong leader = 1, ulong term = 2, ulong applied = 10, ulong cluster = Told.ClusterId, double at = 0, IReadOnlyList<ClusterMember>? list = null) =>
        Told.Endpoint($"m{id}:2379", Told.Status(id, leader, term, commit: 10, applied: applied, cluster: cluster), at, list);

    private static MemberSample Sample(string endpoint, ulong id) => new(endpoint, Told.Status(id, leader: id), TimeSpan.Zero, TimeSpan.Zero);

    private static EndpointObservation Silent(ulong id) => Told.Endpoint($"m{id}:2379", null, state: EndpointState.Unreachable, lastMember: id);

    private static EndpointObservation Withheld(ulong id) =>
        Told.Endpoint($"m{id}:2379", null) with { Headers = new ResponseFacts(Told.ClusterId, id, 10, 2) };
}
