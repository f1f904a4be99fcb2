using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Statuses of different moments are no votes of one election.</summary>
public sealed class LeaderVotesTests
{
    private static readonly Dictionary<ulong, TimeSpan> Nothing = [];

    [Fact]
    public void The_first_demo_run_of_a_hung_leader_names_its_successor_or_nobody()
    {
        // m0 hangs and goes on claiming; m1's status is from before the election; m2 has won it.
        MemberSample[] samples = [Sample(0x10, leader: 0x10, term: 2, at: 10.4), Sample(0x11, leader: 0x10, term: 2, at: 9.2), Sample(0x12, leader: 0x12, term: 3, at: 10.1)];

        LeaderVotes.Count(samples, needed: 2, Nothing).Should().BeNull("m1 spoke before m2 claimed");

        samples[1] = Sample(0x11, leader: 0x12, term: 3, at: 10.6);
        LeaderVotes.Count(samples, needed: 2, Nothing).Should().Be((0x12ul, 3ul));
    }

    [Fact]
    public void A_new_leader_that_still_shows_the_old_term_outdates_older_words_as_well()
    {
        MemberSample[] samples = [Sample(1, leader: 1, term: 5, at: 4), Sample(2, leader: 1, term: 5, at: 3), Sample(3, leader: 3, term: 5, at: 4.5)];

        LeaderVotes.Count(samples, needed: 2, Nothing).Should().BeNull();
    }

    [Fact]
    public void Words_from_after_the_claim_began_count_whenever_the_claimant_was_asked_last()
    {
        // m1 hangs, and has claimed since second 1; it is asked again and again.
        MemberSample[] samples = [Sample(1, leader: 1, term: 5, at: 20), Sample(2, leader: 3, term: 5, at: 12), Sample(3, leader: 3, term: 5, at: 11)];
        var claims = new Dictionary<ulong, TimeSpan> { [1] = TimeSpan.FromSeconds(1), [3] = TimeSpan.FromSeconds(11) };

        LeaderVotes.Count(samples, needed: 2, claims).Should().Be((3ul, 5ul));
    }

    [Fact]
    public void A_claim_at_a_lower_term_takes_nobodys_vote()
    {
        MemberSample[] samples = [Sample(1, leader: 1, term: 4, at: 20), Sample(2, leader: 3, term: 5, at: 12), Sample(3, leader: 3, term: 5, at: 11)];

        LeaderVotes.Count(samples, needed: 2, Nothing).Should().Be((3ul, 5ul));
    }

    // Two of three name m3, and m1 claims: at which term, since which second; m2 was asked at second 12.
    [Theory]
    [InlineData(5, 13, false, "m2 spoke before m1 claimed at its term")]
    [InlineData(6, 13, false, "or at a higher one")]
    [InlineData(4, 13, true, "a lower term outdates nobody")]
    [InlineData(5, 12, true, "m2 was asked when m1 claimed already")]
    internal void A_word_is_outdated_by_a_later_claim_at_its_term_or_above(ulong term, double since, bool counts, string because)
    {
        MemberSample[] samples = [Sample(1, leader: 1, term: term, at: 20), Sample(2, leader: 3, term: 5, at: 12), Sample(3, leader: 3, term: 5, at: 25)];
        var claims = new Dictionary<ulong, TimeSpan> { [1] = TimeSpan.FromSeconds(since), [3] = TimeSpan.FromSeconds(11) };

        LeaderVotes.Count(samples, needed: 2, claims).Should().Be(counts ? (3ul, 5ul) : null, because);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void As_many_must_name_it_as_are_needed(int needed, bool named)
    {
        MemberSample[] samples = [Sample(1, leader: 3, term: 5, at: 1), Sample(2, leader: 0, term: 9, at: 1), Sample(3, leader: 3, term: 4, at: 1)];

        LeaderVotes.Count(samples, needed, Nothing).Should().Be(named ? (3ul, 5ul) : null, "the term is the highest of those who name it");
    }

    [Fact]
    public void The_one_that_most_name_is_the_one()
    {
        MemberSample[] samples =
        [
            Sample(1, leader: 9, term: 5, at: 1), Sample(2, leader: 8, term: 6, at: 1), Sample(3, leader: 8, term: 6, at: 1), Sample(4, leader: 7, term: 7, at: 1),
        ];

        LeaderVotes.Count(samples, 1, Nothing).Should().Be((8ul, 6ul));
        LeaderVotes.Count([], 0, Nothing).Should().BeNull();
    }

    private static MemberSample Sample(ulong member, ulong leader, ulong term, double at) =>
        new($"m{member}:2379", Told.Status(member, leader, term), TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.01));
}
