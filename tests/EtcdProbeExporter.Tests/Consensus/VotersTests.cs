using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Which endpoint leads to which voter, and whose vote can be counted on.</summary>
public sealed class VotersTests
{
    private static readonly ResponseFacts Facts = new(Told.ClusterId, 1, 10, 2);

    [Theory]
    [InlineData(EndpointState.Unresponsive, true, false)]
    [InlineData(EndpointState.Unreachable, true, false)]
    [InlineData(EndpointState.Unknown, true, true)]
    [InlineData(EndpointState.Unknown, false, false)]
    [InlineData(EndpointState.TlsError, false, true)]
    [InlineData(EndpointState.WriteStalled, false, true)]
    [InlineData(EndpointState.Healthy, false, true)]
    internal void A_process_answers_unless_it_is_silent_or_nothing_is_known(EndpointState state, bool facts, bool answers) =>
        Voters.Answers(Observed("m1:2379", state) with { Headers = facts ? Facts : null }).Should().Be(answers);

    [Theory]
    [InlineData(EndpointState.Healthy, true, true)]
    [InlineData(EndpointState.NoLeader, false, true)]
    [InlineData(EndpointState.WriteStalled, false, true)]
    [InlineData(EndpointState.Unknown, true, true)]
    [InlineData(EndpointState.Unresponsive, false, false)]
    [InlineData(EndpointState.Learner, false, false)]
    [InlineData(EndpointState.Foreign, false, false)]
    [InlineData(null, false, false)]
    internal void Whose_vote_counts_while_somebody_leads_and_while_nobody_does(EndpointState? state, bool led, bool leaderless)
    {
        var voter = new Voter(Told.List(1)[0], "m1:2379", state, Answers: true);

        (voter.TakesPart(hasLeader: true), voter.TakesPart(hasLeader: false)).Should().Be((led, leaderless));
    }

    [Theory]
    [InlineData(EndpointState.NoLeader)]
    [InlineData(EndpointState.WriteStalled)]
    [InlineData(EndpointState.Unknown)]
    internal void Who_does_not_answer_is_no_part_of_the_next_quorum(EndpointState state) =>
        new Voter(Told.List(1)[0], "m1:2379", state, Answers: false).TakesPart(hasLeader: false).Should().BeFalse();

    [Fact]
    public void A_voter_is_named_by_its_name_or_else_by_its_id_and_is_new_while_it_has_neither_name_nor_address()
    {
        Voter Of(string name, params string[] urls) => new(new ClusterMember(0xab, name, urls, false), null, null, false);

        (Of("m1").DisplayName, Of("").DisplayName).Should().Be(("m1", "ab"));
        (Of("").NeverStarted, Of("m1").NeverStarted, Of("", "http://m1:2379").NeverStarted).Should().Be((true, false, false));
        (Of("").IsKnown, Of("m1").IsKnown, (Of("m1") with { State = EndpointState.Unknown }).IsKnown).Should().Be((true, false, true));
    }

    [Theory]
    [InlineData(1, 2, "other:2379", true, "who answers now")]
    [InlineData(2, 1, "m1:2379", false, "who answers now, whatever its address and its past")]
    [InlineData(null, 1, "other:2379", true, "who answered last")]
    [InlineData(null, 2, "m1:2379", false, "who answered last, whatever its address")]
    [InlineData(null, null, "M1:2379", true, "its address; names of hosts have no case")]
    [InlineData(null, null, "m1:2380", false, "another port")]
    internal void An_endpoint_leads_to_the_member_that_answers_or_answered_or_has_its_address(
        int? now, int? last, string endpoint, bool leads, string because)
    {
        var observation = Observed(endpoint) with { Headers = now is { } id ? Facts with { MemberId = (ulong)id } : null, LastMemberId = (ulong?)last };

        Voters.LeadsTo(observation, new ClusterMember(1, "m1", ["nonsense", "http://m1:2379"], false)).Should().Be(leads, because);
    }

    [Fact]
    public void Of_several_endpoints_of_a_member_the_healthy_one_counts_or_else_one_that_answers()
    {
        var (dead, alive, well) = (
            Observed("dead:2379", EndpointState.Unreachable) with { LastMemberId = 1 },
            Observed("alive:2379", EndpointState.WriteStalled) with { LastMemberId = 1 },
            Observed("well:2379", EndpointState.Healthy) with { LastMemberId = 1 });

        Endpoints(1, dead, alive, well).Should().Equal("well:2379");
        Endpoints(1, dead, alive).Should().Equal("alive:2379");
        Endpoints(1, dead).Should().Equal("dead:2379");
        Voters.Of(Told.List(1), [dead, alive], Told.ClusterId)[0].Should().Match<Voter>(v => v.State == EndpointState.WriteStalled && v.Answers);
        Voters.Of(Told.List(1), [dead], Told.ClusterId)[0].Answers.Should().BeFalse();
    }

    [Fact]
    public void Strangers_stand_for_the_voters_that_are_left_over_each_for_one()
    {
        var (a, b) = (Observed("10.0.0.1:2379", EndpointState.Unreachable), Observed("10.0.0.2:2379", EndpointState.Unresponsive));
        var second = Observed("m2:2379");

        Endpoints(3, a, second).Should().Equal("10.0.0.1:2379", "m2:2379", null);
        Endpoints(3, a, second, b).Should().Equal("10.0.0.1:2379", "m2:2379", "10.0.0.2:2379");
        Endpoints(2, a with { LastMemberId = 9 }, second).Should().Equal(null, "m2:2379");
        Endpoints(2, a with { Headers = Facts with { MemberId = 9 } }, second).Should().Equal(null, "m2:2379");
    }

    [Fact]
    public void Endpoints_of_another_cluster_lead_to_nobody_here()
    {
        var foreign = Observed("m1:2379") with { Headers = Facts with { ClusterId = 0xbad } };

        Endpoints(1, foreign).Should().Equal([null]);
    }

    private static IEnumerable<string?> Endpoints(int members, params EndpointObservation[] observations) =>
        Voters.Of(Told.List(members), observations, Told.ClusterId).Select(v => v.Endpoint);

    private static EndpointObservation Observed(string endpoint, EndpointState state = EndpointState.Healthy) => new() { Endpoint = endpoint, State = state };
}
