using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Claimants that commit: how much of it, for how long, and the sentence that tells it.</summary>
public sealed class SplitBrainCommitTests : JudgedRounds
{
    [Fact]
    public void Two_in_one_term_that_commit_are_suspected_from_five_seconds_on_and_confirmed_from_ten_on()
    {
        var states = Enumerable.Range(0, 24).Select(i => Round(i * 0.5, (1, 1, 7, 10 + i), (2, 2, 7, 10 + i), (3, 0, 7, 10)).State).ToList();

        // The second look, at half a second, is the first that shows both at one instant.
        states.FindIndex(s => s == SplitBrainState.Suspected).Should().Be(11);
        states.FindIndex(s => s == SplitBrainState.Confirmed).Should().Be(21);
        states.Skip(21).Should().OnlyContain(s => s == SplitBrainState.Confirmed);
        Judge.Verdict.Evidence.Should().Be("m1 (m1:2379) and m2 (m2:2379) both lead and both commit at term 7");
        Judge.Verdict.Since.Should().Be(TimeSpan.FromSeconds(10.5));
        (Judge.Verdict.StaleClaims.Count, Judge.Verdict.TrueLeader).Should().Be((0, null));
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

        Judge.Verdict.State.Should().Be(state);
    }

    [Fact]
    public void One_of_two_that_alone_commits_proves_nothing()
    {
        for (var i = 0; i <= 60; i++)
        {
            Round(i * 0.5, (1, 1, 7, 10), (2, 2, 7, 10 + i), (3, 0, 7, 10)).State.Should().NotBe(SplitBrainState.Confirmed);
        }

        Judge.Verdict.State.Should().Be(SplitBrainState.Suspected);
        Judge.Verdict.Evidence.Should().Be("m1 (m1:2379) and m2 (m2:2379) both claim leadership at term 7, and no quorum says which of them leads");
    }

    // The terms that both claim at, whom the third names at which term, and who commits.
    [Theory]
    [InlineData(7, 8, 2, 8, 1, "m1 (m1:2379) goes on committing at term 7 while the cluster follows m2 (m2:2379) at term 8")]
    [InlineData(7, 8, 1, 7, 2, "m2 (m2:2379) goes on committing at term 8 while the cluster follows m1 (m1:2379) at term 7")]
    [InlineData(8, 7, 2, 7, 1, "m1 (m1:2379) goes on committing at term 8 while the cluster follows m2 (m2:2379) at term 7")]
    [InlineData(7, 8, 0, 7, 1, "m1 (m1:2379) goes on committing at term 7 while the cluster follows m2 (m2:2379) at term 8")]
    [InlineData(8, 7, 0, 7, 2, "m2 (m2:2379) goes on committing at term 7 while the cluster follows m1 (m1:2379) at term 8")]
    internal void One_that_goes_on_committing_beside_the_one_that_is_followed_is_suspect(
        ulong termOf1, ulong termOf2, ulong third, ulong itsTerm, int commits, string evidence)
    {
        SplitBrainVerdict Look(int i) => Round(
            i, (1, 1, termOf1, commits == 1 ? 10 + i : 50), (2, 2, termOf2, commits == 2 ? 10 + i : 50), (3, third, itsTerm, 10));
        var states = Enumerable.Range(0, 12).Select(i => Look(i).State).ToList();

        states.FindIndex(s => s == SplitBrainState.Suspected).Should().Be(11, "ten seconds after the second look");
        Judge.Verdict.Evidence.Should().Be(evidence);
        Judge.Verdict.StaleClaims.Should().BeEmpty();
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

        Judge.Verdict.State.Should().Be(state);
    }

    [Fact]
    public void Of_two_in_one_term_the_one_against_the_quorum_is_stale_until_it_commits_as_well()
    {
        for (var i = 0; i <= 2; i++)
        {
            Round(i, (1, 1, 7, 10), (2, 2, 7, 50), (3, 2, 7, 10));
        }

        Judge.Verdict.Evidence.Should().Be("stale leader: m1 (m1:2379) at term 7; the cluster follows m2 (m2:2379) at term 7");

        for (var i = 3; i <= 8; i++)
        {
            Round(i, (1, 1, 7, 10 + i), (2, 2, 7, 50), (3, 2, 7, 10));
        }

        Judge.Verdict.State.Should().Be(SplitBrainState.Suspected, "the quorum's word does not explain its commits");
    }

    [Theory]
    [InlineData(2, SplitBrainState.StaleLeader)]
    [InlineData(3, SplitBrainState.Suspected)]
    internal void In_one_term_as_well_two_commits_may_have_been_under_way(int commits, SplitBrainState state)
    {
        for (var i = 0; i <= 8; i++)
        {
            Round(i, (1, 1, 7, 50), (2, 2, 7, 10 + Math.Clamp(i - 1, 0, commits)), (3, 1, 7, 10));
        }

        Judge.Verdict.State.Should().Be(state);
        if (state == SplitBrainState.StaleLeader)
        {
            Judge.Verdict.Evidence.Should().Be("stale leader: m2 (m2:2379) at term 7; the cluster follows m1 (m1:2379) at term 7");
        }
    }
}
