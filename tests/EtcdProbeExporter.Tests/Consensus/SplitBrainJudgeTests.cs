using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class SplitBrainJudgeTests
{
    private readonly SplitBrainJudge _judge = new(TimeSpan.FromSeconds(3));

    [Fact]
    public void The_story_of_two_leaders_at_terms_12082_and_12083_is_a_stale_leader()
    {
        HungLeader(1.0).State.Should().Be(SplitBrainState.None, "one look cannot tell whether the claims overlapped");
        _judge.WantsAnotherLook.Should().BeTrue();

        var verdict = HungLeader(1.3);

        verdict.State.Should().Be(SplitBrainState.StaleLeader);
        verdict.StaleClaims.Should().Equal(new LeaderClaim(1, "m1", "m1:2379", 12082));
        verdict.TrueLeader.Should().Be(new LeaderClaim(2, "m2", "m2:2379", 12083));
        verdict.Evidence.Should().Be("stale leader: m1 (m1:2379) at term 12082; the cluster follows m2 (m2:2379) at term 12083");
    }

    [Fact]
    public void A_hang_of_ten_minutes_never_reads_worse_than_stale_leader()
    {
        for (var second = 0; second < 600; second++)
        {
            HungLeader(second).State.Should().BeOneOf(SplitBrainState.None, SplitBrainState.StaleLeader);
        }

        Round(601, (1, 2, 12131), (2, 2, 12131), (3, 2, 12131)).State.Should().Be(SplitBrainState.None, "it healed by itself");
    }

    [Fact]
    public void A_claim_that_ended_before_the_other_began_is_a_change_of_leaders()
    {
        Round(1, (1, 1, 2), (2, 1, 2), (3, 1, 2));

        Round(2, (1, 2, 3), (2, 2, 3), (3, 2, 3)).State.Should().Be(SplitBrainState.None);
    }

    [Fact]
    public void A_new_leader_that_still_shows_the_old_term_is_no_split()
    {
        for (var i = 0; i < 100; i++)
        {
            Round(i * 0.3, (1, 1, 7), (2, 2, 7), (3, 2, 7)).State.Should().BeOneOf(SplitBrainState.None, SplitBrainState.StaleLeader);
        }
    }

    [Fact]
    public void Two_that_both_commit_in_one_term_are_confirmed_after_ten_seconds_and_not_before()
    {
        SplitBrainVerdict verdict = SplitBrainVerdict.None;
        for (var i = 0; i <= 40; i++)
        {
            var commit = 10 + (ulong)i;
            verdict = Round(i * 0.5, commit, (1, 1, 7), (2, 2, 7));
            if (i * 0.5 < 10)
            {
                verdict.State.Should().NotBe(SplitBrainState.Confirmed);
            }
        }

        verdict.State.Should().Be(SplitBrainState.Confirmed);
        verdict.Evidence.Should().Contain("m1 (m1:2379) and m2 (m2:2379) both lead and both commit at term 7");
    }

    [Fact]
    public void Two_in_one_term_of_whom_no_quorum_tells_are_suspected_after_five_seconds()
    {
        for (var i = 0; i < 10; i++)
        {
            Round(i * 0.5, (1, 1, 7), (2, 2, 7)).State.Should().Be(SplitBrainState.None);
        }

        Round(6, (1, 1, 7), (2, 2, 7)).State.Should().Be(SplitBrainState.Suspected);
    }

    [Fact]
    public void A_claimant_against_whom_a_quorum_names_another_is_stale_even_if_that_one_is_not_asked()
    {
        Round(1, (1, 1, 5), (2, 3, 6), (4, 3, 6));

        Round(1.3, (1, 1, 5), (2, 3, 6), (4, 3, 6)).State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public void Two_cluster_ids_are_confirmed_by_the_second_look()
    {
        EndpointObservation[] At(double now) =>
        [
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), now, Told.List(1)),
            Told.Endpoint("x:2379", Told.Status(9, leader: 9, cluster: 0xc2), now, Told.List(1)),
        ];

        Judge(1, At(1)).State.Should().Be(SplitBrainState.None);
        Judge(1.3, At(1)).State.Should().Be(SplitBrainState.None, "the same answers are no second look");
        Judge(1.6, At(1.5)).State.Should().Be(SplitBrainState.Confirmed);
        Judge(3, [Told.Endpoint("m1:2379", Told.Status(1, leader: 1), 3, Told.List(1))]).State.Should().Be(SplitBrainState.None);
    }

    [Fact]
    public void A_broken_promise_stands_for_five_minutes()
    {
        _judge.LinearizabilityBroken(TimeSpan.FromSeconds(10), "a read missed a write");

        Round(11, (1, 1, 2)).Should().Match<SplitBrainVerdict>(v => v.State == SplitBrainState.Confirmed && v.Evidence == "a read missed a write");
        Round(300, (1, 1, 2)).State.Should().Be(SplitBrainState.Confirmed);
        Round(311, (1, 1, 2)).State.Should().Be(SplitBrainState.None);
    }

    [Fact]
    public void A_member_that_does_not_answer_for_a_moment_goes_on_claiming()
    {
        HungLeader(1.0);
        HungLeader(1.3).State.Should().Be(SplitBrainState.StaleLeader);

        Round(2.3, (2, 2, 12083), (3, 2, 12083)).State.Should().Be(SplitBrainState.StaleLeader);
        Round(5.0, (2, 2, 12083), (3, 2, 12083)).State.Should().Be(SplitBrainState.None, "after its memory the judge knows nothing of it");
    }

    [Fact]
    public void A_verdict_keeps_the_time_at_which_it_began()
    {
        HungLeader(1.0);
        HungLeader(1.3);

        HungLeader(9).Since.Should().Be(TimeSpan.FromSeconds(1.3));
    }

    private SplitBrainVerdict HungLeader(double now) => Round(now, (1, 1, 12082), (2, 2, 12083), (3, 2, 12083));

    private SplitBrainVerdict Round(double now, params (ulong Member, ulong Leader, ulong Term)[] told) => Round(now, 10, told);

    private SplitBrainVerdict Round(double now, ulong commit, params (ulong Member, ulong Leader, ulong Term)[] told) => Judge(
        now,
        [.. told.Select(t => Told.Endpoint($"m{t.Member}:2379", Told.Status(t.Member, t.Leader, t.Term, commit), now, Told.List(told.Length)))]);

    private SplitBrainVerdict Judge(double now, EndpointObservation[] observations) =>
        _judge.Judge(observations, ClusterViews.Of(observations), TimeSpan.FromSeconds(now));
}
