using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Each kind of evidence by itself: how much of it, for how long, and the sentence that tells it.</summary>
public sealed class SplitBrainEvidenceTests
{
    private readonly SplitBrainJudge _judge = new(TimeSpan.FromSeconds(3));

    [Fact]
    public void Two_in_one_term_that_commit_are_suspected_from_five_seconds_on_and_confirmed_from_ten_on()
    {
        var states = Enumerable.Range(0, 24).Select(i => Round(i * 0.5, (1, 1, 7, 10 + i), (2, 2, 7, 10 + i), (3, 0, 7, 10)).State).ToList();

        // The second look, at half a second, is the first that shows both at one instant.
        states.FindIndex(s => s == SplitBrainState.Suspected).Should().Be(11);
        states.FindIndex(s => s == SplitBrainState.Confirmed).Should().Be(21);
        states.Skip(21).Should().OnlyContain(s => s == SplitBrainState.Confirmed);
        _judge.Verdict.Evidence.Should().Be("m1 (m1:2379) and m2 (m2:2379) both lead and both commit at term 7");
        _judge.Verdict.Since.Should().Be(TimeSpan.FromSeconds(10.5));
        (_judge.Verdict.StaleClaims.Count, _judge.Verdict.TrueLeader).Should().Be((0, null));
    }

    [Theory]
    [InlineData(6, SplitBrainState.Confirmed)]
    [InlineData(5, SplitBrainState.Suspected)]
    internal void Only_commits_in_turn_prove_a_split_and_six_of_them(int turns, SplitBrainState state)
    {
        var (a, b) = (10, 10);
        for (var i = 0; i <= 12; i++)
        {
            if (i >= 2 && i - 2 < turns)
            {
                (a, b) = i % 2 == 0 ? (a + 1, b) : (a, b + 1);
            }

            Round(i, (1, 1, 7, a), (2, 2, 7, b), (3, 0, 7, 10));
        }

        _judge.Verdict.State.Should().Be(state);
    }

    [Fact]
    public void One_of_two_that_alone_commits_proves_nothing()
    {
        for (var i = 0; i <= 60; i++)
        {
            Round(i * 0.5, (1, 1, 7, 10), (2, 2, 7, 10 + i), (3, 0, 7, 10)).State.Should().NotBe(SplitBrainState.Confirmed);
        }

        _judge.Verdict.State.Should().Be(SplitBrainState.Suspected);
        _judge.Verdict.Evidence.Should().Be("m1 (m1:2379) and m2 (m2:2379) both claim leadership at term 7, and no quorum says which of them leads");
    }

    [Fact]
    public void A_split_of_an_older_term_is_not_confirmed_any_more()
    {
        for (var i = 0; i <= 30; i++)
        {
            Round(i * 0.5, (1, 1, 7, 10 + i), (2, 2, 7, 10 + i), (3, 0, 8, 10)).State.Should().NotBe(SplitBrainState.Confirmed);
        }
    }

    [Theory]
    [InlineData(2, 8, 1, "m1 (m1:2379) goes on committing at term 7 while the cluster follows m2 (m2:2379) at term 8")]
    [InlineData(1, 7, 2, "m2 (m2:2379) goes on committing at term 8 while the cluster follows m1 (m1:2379) at term 7")]
    [InlineData(0, 7, 1, "m1 (m1:2379) goes on committing at term 7 while the cluster follows m2 (m2:2379) at term 8")]
    internal void One_that_goes_on_committing_beside_the_one_that_is_followed_is_suspect(ulong third, ulong itsTerm, int commits, string evidence)
    {
        SplitBrainVerdict Look(int i) => Round(
            i, (1, 1, 7, commits == 1 ? 10 + i : 50), (2, 2, 8, commits == 2 ? 10 + i : 50), (3, third, itsTerm, 10));
        var states = Enumerable.Range(0, 12).Select(i => Look(i).State).ToList();

        states.FindIndex(s => s == SplitBrainState.Suspected).Should().Be(11, "ten seconds after the second look");
        _judge.Verdict.Evidence.Should().Be(evidence);
        _judge.Verdict.StaleClaims.Should().BeEmpty();
    }

    [Theory]
    [InlineData(3, SplitBrainState.Suspected)]
    [InlineData(2, SplitBrainState.StaleLeader)]
    internal void Two_commits_may_have_been_under_way_and_three_not(int commits, SplitBrainState state)
    {
        for (var i = 0; i <= 15; i++)
        {
            Round(i, (1, 1, 7, 10 + Math.Clamp(i - 1, 0, commits)), (2, 2, 8, 50), (3, 2, 8, 10));
        }

        _judge.Verdict.State.Should().Be(state);
    }

    [Fact]
    public void Of_two_in_one_term_the_one_against_the_quorum_is_stale_until_it_commits_as_well()
    {
        for (var i = 0; i <= 2; i++)
        {
            Round(i, (1, 1, 7, 10), (2, 2, 7, 50), (3, 2, 7, 10));
        }

        _judge.Verdict.Evidence.Should().Be("stale leader: m1 (m1:2379) at term 7; the cluster follows m2 (m2:2379) at term 7");

        for (var i = 3; i <= 8; i++)
        {
            Round(i, (1, 1, 7, 10 + i), (2, 2, 7, 50), (3, 2, 7, 10));
        }

        _judge.Verdict.State.Should().Be(SplitBrainState.Suspected, "the quorum's word does not explain its commits");
    }

    [Fact]
    public void A_quorums_word_from_before_the_election_of_both_tells_nothing_of_them()
    {
        (int, ulong, ulong, int)[] followers = [(3, 1, 7, 10), (4, 1, 7, 10), (5, 1, 7, 10)];
        for (var i = 0; i <= 6; i++)
        {
            Round(i, [(1, 1, 8, 10), (2, 2, 8, 10), .. followers]);
        }

        _judge.Verdict.State.Should().Be(SplitBrainState.StaleLeader, "the one that they name shows its term");
        Round(6.5, [(-1, 0, 0, 0), (2, 2, 8, 10), .. followers]).State.Should().Be(SplitBrainState.Suspected);
    }

    [Fact]
    public void While_somebody_claims_at_a_higher_term_than_the_quorum_shows_its_word_tells_nobodys_fate()
    {
        Round(1, (1, 1, 7, 10), (2, 2, 7, 10), (3, 1, 7, 10), (4, 1, 7, 10), (5, 1, 7, 10));

        var verdict = Round(2, (1, 1, 7, 10), (2, 2, 7, 10), (3, 1, 7, 10), (4, 1, 7, 10), (5, 5, 8, 10));

        verdict.State.Should().Be(SplitBrainState.None, "m5 may have been elected since, and m2 leads for certain not");
        Round(3, (1, 1, 7, 10), (2, 2, 7, 10), (3, 5, 8, 10), (4, 5, 8, 10), (5, 5, 8, 10)).Evidence.Should().Be(
            "stale leader: m1 (m1:2379) at term 7, m2 (m2:2379) at term 7; the cluster follows m5 (m5:2379) at term 8");
    }

    [Fact]
    public void A_claimant_that_has_committed_more_than_the_leader_is_not_called_stale()
    {
        for (var i = 0; i <= 3; i++)
        {
            Round(i, (1, 1, 7, 51), (2, 2, 8, 50), (3, 2, 8, 10)).State.Should().Be(SplitBrainState.None);
        }
    }

    [Fact]
    public void Without_a_quorum_the_highest_term_leads()
    {
        Round(1, (1, 1, 9, 10), (2, 2, 8, 10), (3, 0, 8, 10));

        var verdict = Round(2, (1, 1, 9, 10), (2, 2, 8, 10), (3, 0, 8, 10));

        verdict.StaleClaims.Should().Equal(new LeaderClaim(2, "m2", "m2:2379", 8));
        verdict.TrueLeader.Should().Be(new LeaderClaim(1, "m1", "m1:2379", 9));
    }

    [Fact]
    public void A_leader_that_is_not_asked_has_a_name_and_no_claim()
    {
        (int, ulong, ulong, int)[] told = [(1, 1, 5, 10), (2, 3, 6, 10), (4, 3, 6, 10), (5, 3, 6, 10), (-3, 0, 0, 0)];

        Round(1, told).State.Should().Be(SplitBrainState.None);
        var verdict = Round(1.2, told);

        (verdict.Evidence, verdict.TrueLeader).Should().Be(("stale leader: m1 (m1:2379) at term 5; the cluster follows m3", null));
    }

    [Fact]
    public void Members_without_a_name_are_named_by_their_id()
    {
        EndpointObservation[] At(double now) =>
        [
            Told.Endpoint("a:1", Told.Status(0xab, leader: 0xab, term: 5), now), Told.Endpoint("b:1", Told.Status(0xcd, leader: 0xcd, term: 6), now),
            Told.Endpoint("c:1", Told.Status(0xef, leader: 0xcd, term: 6), now),
        ];

        Judge(1, At(1));
        Judge(2, At(2)).Evidence.Should().Be("stale leader: ab (a:1) at term 5; the cluster follows cd (b:1) at term 6");
    }

    [Theory]
    [InlineData(4.01, SplitBrainState.StaleLeader)]
    [InlineData(4.02, SplitBrainState.None)]
    internal void A_claim_is_remembered_for_as_long_as_was_said(double now, SplitBrainState state)
    {
        HungLeader(0.5);
        HungLeader(1); // answered at 1.01

        Round(now, (-1, 0, 0, 0), (2, 2, 8, 10), (3, 2, 8, 10)).State.Should().Be(state);
    }

    [Theory]
    [InlineData(309.9, SplitBrainState.Confirmed)]
    [InlineData(310, SplitBrainState.None)]
    internal void A_broken_promise_stands_for_five_minutes_and_no_longer(double now, SplitBrainState state)
    {
        _judge.LinearizabilityBroken(TimeSpan.FromSeconds(10), "a read missed a write");

        Round(now, (1, 1, 2, 10)).State.Should().Be(state);
        _judge.Verdict.Since.Should().Be(state == SplitBrainState.None ? TimeSpan.Zero : TimeSpan.FromSeconds(now));
    }

    [Fact]
    public void Two_clusters_are_told_with_their_ids_once_both_were_seen_again()
    {
        EndpointObservation[] At(double now, double other) =>
        [
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), now, Told.List(1)),
            Told.Endpoint("x:2379", Told.Status(9, leader: 9, cluster: 0xc2), other, Told.List(1)),
        ];

        Judge(1, At(1, 1));
        _judge.WantsAnotherLook.Should().BeTrue();
        Judge(2, At(2, 1)).State.Should().Be(SplitBrainState.None, "the other one has not been asked again");
        Judge(3, At(2, 3)).Evidence.Should().Be("the endpoints of one configured cluster answer for 2 clusters: c1, c2");
        _judge.Restart();
        Judge(4, At(4, 4)).State.Should().Be(SplitBrainState.None, "it begins anew");
        Judge(5, At(5, 5)).State.Should().Be(SplitBrainState.Confirmed);
        Judge(6, At(6, 6)[..1]);
        Judge(7, At(7, 7)).State.Should().Be(SplitBrainState.None, "it begins anew");
    }

    [Fact]
    public void After_a_restart_claims_must_be_seen_to_overlap_again()
    {
        HungLeader(1);
        HungLeader(2).State.Should().Be(SplitBrainState.StaleLeader);
        _judge.ClaimedSince.Should().BeEquivalentTo(new Dictionary<ulong, TimeSpan> { [1] = TimeSpan.FromSeconds(1), [2] = TimeSpan.FromSeconds(1) });

        _judge.Restart();

        _judge.ClaimedSince.Should().BeEmpty();
        HungLeader(3).State.Should().Be(SplitBrainState.None);
        _judge.Verdict.Since.Should().Be(TimeSpan.FromSeconds(3));
        HungLeader(4).State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public void Another_look_is_wanted_for_two_claims_or_one_against_a_quorum_and_not_for_one_leader()
    {
        Round(1, (1, 1, 5, 10), (2, 1, 5, 10), (3, 1, 5, 10));
        _judge.WantsAnotherLook.Should().BeFalse();
        Round(2, (1, 1, 5, 10), (2, 3, 6, 10), (4, 3, 6, 10), (5, 3, 6, 10), (-3, 0, 0, 0));
        _judge.WantsAnotherLook.Should().BeTrue("a quorum names another");
        Round(3, (1, 3, 6, 10), (2, 3, 6, 10), (3, 3, 6, 10));
        _judge.WantsAnotherLook.Should().BeFalse();
        Round(4, (1, 1, 7, 10), (2, 3, 6, 10), (3, 3, 6, 10));
        _judge.WantsAnotherLook.Should().BeTrue("two claim");
    }

    [Fact]
    public void A_contradiction_counts_from_the_first_round_that_shows_it_against_the_same_leader()
    {
        (int, ulong, ulong, int)[] Against(ulong leader) =>
            [(1, 1, 5, 10), (2, leader, 6, 10), (5, leader, 6, 10), (6, leader, 6, 10), (7, leader, 6, 10), (-3, 0, 0, 0), (-4, 0, 0, 0)];

        Round(1, Against(3)).State.Should().Be(SplitBrainState.None);
        Round(1.15, Against(3)).State.Should().Be(SplitBrainState.None, "too soon");
        Round(1.3, Against(4)).State.Should().Be(SplitBrainState.None, "another leader is named");
        Round(1.45, Against(4)).State.Should().Be(SplitBrainState.None, "and for too short a time");
        Round(1.5, Against(4)).State.Should().Be(SplitBrainState.StaleLeader);
        Round(1.7, (1, 1, 5, 10), (2, 0, 6, 10), (5, 0, 6, 10)).State.Should().Be(SplitBrainState.None);
        Round(1.9, Against(4)).State.Should().Be(SplitBrainState.None, "it begins anew");
    }

    private SplitBrainVerdict HungLeader(double now) => Round(now, (1, 1, 7, 10), (2, 2, 8, 10), (3, 2, 8, 10));

    /// <summary>A negative member: its endpoint is silent.</summary>
    private SplitBrainVerdict Round(double now, params (int Member, ulong Leader, ulong Term, int Commit)[] told)
    {
        var list = Told.List(Math.Max(told.Max(t => Math.Abs(t.Member)), 3));
        return Judge(now, [.. told.Select(t => t.Member < 0
            ? Told.Endpoint($"m{-t.Member}:2379", null, state: EndpointState.Unreachable, lastMember: (ulong)-t.Member)
            : Told.Endpoint($"m{t.Member}:2379", Told.Status((ulong)t.Member, t.Leader, t.Term, (ulong)t.Commit), now, list))]);
    }

    private SplitBrainVerdict Judge(double now, EndpointObservation[] observations) => _judge.Judge(
        observations, ClusterViews.Of(observations, new ViewContext { ClaimedSince = _judge.ClaimedSince, ClusterId = Told.ClusterId }), TimeSpan.FromSeconds(now));
}
