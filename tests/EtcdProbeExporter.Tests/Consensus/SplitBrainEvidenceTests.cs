using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Each other kind of evidence by itself: for how long it must be seen, how long it stands, and the sentence that tells it.</summary>
public sealed class SplitBrainEvidenceTests : JudgedRounds
{
    [Fact]
    public void A_split_of_an_older_term_is_not_confirmed_any_more()
    {
        for (var i = 0; i <= 30; i++)
        {
            Round(i * 0.5, (1, 1, 7, 10 + i), (2, 2, 7, 10 + i), (3, 0, 8, 10)).State.Should().NotBe(SplitBrainState.Confirmed);
        }
    }

    [Fact]
    public void Commits_while_it_did_not_answer_prove_nothing()
    {
        for (var i = 0; i <= 20; i++)
        {
            Round(i, (i % 2 == 1 ? -1 : 1, 1, 7, 10 + i), (2, 2, 8, 50), (3, 2, 8, 10));
        }

        Judge.Verdict.State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public void Two_that_hang_in_one_term_are_both_stale_when_a_quorum_follows_a_third()
    {
        for (var i = 0; i <= 20; i++)
        {
            Round(i, (1, 1, 7, 10), (2, 2, 7, 10), (3, 3, 9, 10), (4, 3, 9, 10), (5, 3, 9, 10)).State.Should().BeOneOf(SplitBrainState.None, SplitBrainState.StaleLeader);
        }

        Judge.Verdict.Evidence.Should().Be(
            "stale leader: m1 (m1:2379) at term 7, m2 (m2:2379) at term 7; the cluster follows m3 (m3:2379) at term 9");
    }

    [Fact]
    public void Without_a_quorum_the_highest_of_three_terms_leads()
    {
        (int, ulong, ulong, int)[] told = [(1, 1, 8, 10), (2, 2, 7, 10), (3, 3, 9, 10), (4, 0, 7, 10), (5, 0, 7, 10)];
        Round(1, told);

        Round(2, told).Evidence.Should().Be("stale leader: m1 (m1:2379) at term 8, m2 (m2:2379) at term 7; the cluster follows m3 (m3:2379) at term 9");
    }

    [Fact]
    public void A_quorums_word_from_before_the_election_of_both_tells_nothing_of_them()
    {
        (int, ulong, ulong, int)[] followers = [(3, 1, 7, 10), (4, 1, 7, 10), (5, 1, 7, 10)];
        for (var i = 0; i <= 4; i++)
        {
            Round(i, [(1, 1, 8, 10), (2, 2, 8, 10), .. followers]);
        }

        Judge.Verdict.State.Should().Be(SplitBrainState.StaleLeader, "the one that they name shows its term");
        Round(4.5, [(-1, 0, 0, 0), (2, 2, 8, 10), .. followers]).State.Should().Be(SplitBrainState.StaleLeader, "its last answer showed it");
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

        Look(1, At(1));
        Look(2, At(2)).Evidence.Should().Be("stale leader: ab (a:1) at term 5; the cluster follows cd (b:1) at term 6");
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
        Judge.LinearizabilityBroken(TimeSpan.FromSeconds(10), "a read missed a write");

        Round(now, (1, 1, 2, 10)).State.Should().Be(state);
        Judge.Verdict.Since.Should().Be(state == SplitBrainState.None ? TimeSpan.Zero : TimeSpan.FromSeconds(now));
    }

    [Fact]
    public void Two_clusters_are_told_with_their_ids_once_both_were_seen_again()
    {
        EndpointObservation[] At(double now, double other) =>
        [
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), now, Told.List(1)),
            Told.Endpoint("x:2379", Told.Status(9, leader: 9, cluster: 0xc2), other, Told.List(1)),
        ];

        Look(1, At(1, 1));
        Judge.WantsAnotherLook.Should().BeTrue();
        Look(2, At(2, 1)).State.Should().Be(SplitBrainState.None, "the other one has not been asked again");
        Look(3, At(2, 3)).Evidence.Should().Be("the endpoints of one configured cluster answer for 2 clusters: c1, c2");
        Judge.Restart();
        Look(4, At(4, 4)).State.Should().Be(SplitBrainState.None, "it begins anew");
        Look(5, At(5, 5)).State.Should().Be(SplitBrainState.Confirmed);
        Look(6, At(6, 6)[..1]);
        Look(7, At(7, 7)).State.Should().Be(SplitBrainState.None, "it begins anew");
    }

    [Fact]
    public void Of_three_clusters_each_must_have_been_seen_again()
    {
        EndpointObservation[] At(double now, double third) =>
        [
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1), now), Told.Endpoint("x:2379", Told.Status(8, leader: 8, cluster: 0xc2), now),
            Told.Endpoint("y:2379", Told.Status(9, leader: 9, cluster: 0xc3), third),
        ];

        Look(1, At(1, 1));
        Look(2, At(2, 1)).State.Should().Be(SplitBrainState.None);
        Look(3, At(3, 3)).State.Should().Be(SplitBrainState.Confirmed);
    }

    [Fact]
    public void A_contradiction_needs_a_second_answer_of_the_claimant()
    {
        EndpointObservation[] At(double now) =>
        [
            Told.Endpoint("m1:2379", Told.Status(1, leader: 1, term: 5), now), Told.Endpoint("m2:2379", Told.Status(2, leader: 3, term: 6), now),
            Told.Endpoint("m4:2379", Told.Status(4, leader: 3, term: 6), now),
        ];

        Look(1, At(1)).State.Should().Be(SplitBrainState.None);
        Look(2, At(1)).State.Should().Be(SplitBrainState.None, "the same answers are no second look");
        Look(2.1, At(2)).State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public void Where_nothing_is_found_nothing_is_said()
    {
        Round(1, (1, 1, 5, 10), (2, 1, 5, 10), (3, 1, 5, 10)).Should().BeEquivalentTo(new SplitBrainVerdict(SplitBrainState.None, TimeSpan.Zero, "", [], null));
    }

    [Fact]
    public void After_a_restart_claims_must_be_seen_to_overlap_again()
    {
        HungLeader(1);
        HungLeader(2).State.Should().Be(SplitBrainState.StaleLeader);
        Judge.ClaimedSince.Should().BeEquivalentTo(new Dictionary<ulong, TimeSpan> { [1] = TimeSpan.FromSeconds(1), [2] = TimeSpan.FromSeconds(1) });

        Judge.Restart();

        Judge.ClaimedSince.Should().BeEmpty();
        HungLeader(3).State.Should().Be(SplitBrainState.None);
        Judge.Verdict.Since.Should().Be(TimeSpan.FromSeconds(3));
        HungLeader(4).State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public void Another_look_is_wanted_for_two_claims_or_one_against_a_quorum_and_not_for_one_leader()
    {
        Round(1, (1, 1, 5, 10), (2, 1, 5, 10), (3, 1, 5, 10));
        Judge.WantsAnotherLook.Should().BeFalse();
        Round(2, (1, 1, 5, 10), (2, 3, 6, 10), (4, 3, 6, 10), (5, 3, 6, 10), (-3, 0, 0, 0));
        Judge.WantsAnotherLook.Should().BeTrue("a quorum names another");
        Round(3, (1, 3, 6, 10), (2, 3, 6, 10), (3, 3, 6, 10));
        Judge.WantsAnotherLook.Should().BeFalse();
        Round(4, (1, 1, 7, 10), (2, 3, 6, 10), (3, 3, 6, 10));
        Judge.WantsAnotherLook.Should().BeTrue("two claim");
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
}
