using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>How endpoints and member list differ: each kind by itself, and nothing of another kind beside it.</summary>
public sealed class MismatchesTests
{
    [Fact]
    public void Nothing_is_wrong_where_every_endpoint_leads_to_a_member_of_its_own() =>
        Kinds(Told.List(2), Answering(1), Answering(2)).Should().BeEmpty();

    [Fact]
    public void Without_a_list_only_what_endpoints_say_of_each_other_is_told() =>
        Kinds(null, Answering(1), Answering(1, "alias:2379"), Answering(9, "x:2379", cluster: 0xbad))
            .Should().Equal("duplicate_member alias:2379", "foreign_cluster x:2379");

    [Fact]
    public void A_member_outside_the_list_is_told_whether_it_answers_or_did_so_last() =>
        Kinds(Told.List(1), Answering(1), Answering(2), Silent("m3:2379", last: 3), Silent("m4:2379", last: null))
            .Should().Equal("not_in_member_list m2:2379, m3:2379");

    [Fact]
    public void Who_answers_now_counts_more_than_who_did_last() =>
        Kinds(Told.List(1), Answering(1), Answering(2) with { LastMemberId = 1 }).Should().Equal("not_in_member_list m2:2379");

    [Fact]
    public void A_member_of_another_cluster_is_foreign_and_nothing_else() =>
        Kinds(Told.List(1), Answering(1), Answering(9, "x:2379", cluster: 0xbad), Answering(9, "y:2379", cluster: 0xbad))
            .Should().Equal("foreign_cluster x:2379, y:2379");

    [Fact]
    public void Voters_and_learners_that_nobody_probes_are_told_apart_by_name_or_id() =>
        Kinds([.. Told.List(4, 3, 4).Select(m => m.Id is 2 or 4 ? m with { Name = "" } : m)], Answering(1))
            .Should().Equal("not_probed 2", "learner_not_probed m3, 4");

    [Fact]
    public void A_learner_is_probed_by_whoever_answered_last_or_has_its_address() =>
        Kinds(Told.List(3, 2, 3), Answering(1), Silent("alias:2379", last: 2), Silent("m3:2379", last: null)).Should().BeEmpty();

    [Theory]
    [InlineData("", "", true)]
    [InlineData("m2", "", false)]
    [InlineData("", "http://m2:2379", false)]
    public void A_member_has_not_started_while_it_has_neither_name_nor_address(string name, string url, bool never)
    {
        var list = new[] { Told.List(1)[0], new ClusterMember(2, name, url.Length > 0 ? [url] : [], IsLearner: true) };

        Kinds(list, Answering(1)).Should().Equal(never ? "never_started 2" : $"learner_not_probed {(name.Length > 0 ? name : "2")}");
    }

    [Fact]
    public void Member_and_list_may_disagree_on_who_learns_in_either_direction() =>
        Kinds(Told.List(4, 2, 3), Answering(1), Answering(2), Answering(3, learner: true), Answering(4, learner: true))
            .Should().Equal("learner_disagrees m2:2379, m4:2379");

    private static List<string> Kinds(IReadOnlyList<ClusterMember>? list, params EndpointObservation[] observations)
    {
        var voters = list is null ? null : Voters.Of(list, observations, Told.ClusterId);
        var mismatch = Mismatches.Of(observations, Told.ClusterId, list, voters);
        var kinds = mismatch.Kinds.Where(k => k.Names.Count > 0).Select(k => $"{k.Kind} {string.Join(", ", k.Names)}").ToList();
        mismatch.Any.Should().Be(kinds.Count > 0);
        return kinds;
    }

    private static EndpointObservation Answering(ulong member, string? endpoint = null, ulong cluster = Told.ClusterId, bool learner = false) =>
        Told.Endpoint(endpoint ?? $"m{member}:2379", Told.Status(member, leader: 1, cluster: cluster, learner: learner));

    private static EndpointObservation Silent(string endpoint, ulong? last) => Told.Endpoint(endpoint, null, state: EndpointState.Unreachable, lastMember: last);
}
