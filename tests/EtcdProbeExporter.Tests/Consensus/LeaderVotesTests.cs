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

    private static MemberSample Sample(ulong member, ulong leader, ulong term, double at) =>
        new($"m{member}:2379", Told.Status(member, leader, term), TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.01));
}
