using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class LeadershipLedgerTests
{
    private readonly LeadershipLedger _ledger = new();

    [Fact]
    public void The_first_leader_and_its_return_are_no_change_and_another_one_is()
    {
        Round(0, leader: 1, term: 2).LeaderChanged.Should().BeFalse();
        Round(1, leader: 0, term: 2).LeaderChanged.Should().BeFalse();
        Round(2, leader: 1, term: 2).LeaderChanged.Should().BeFalse();
        Round(3, leader: 2, term: 3).LeaderChanged.Should().BeTrue();
        Round(4, leader: 2, term: 3).LeaderChanged.Should().BeFalse();
    }

    [Fact]
    public void A_rise_of_the_term_counts_once_however_high_and_a_fall_never()
    {
        Round(0, leader: 1, term: 2).TermRose.Should().BeFalse();
        Round(1, leader: 1, term: 14).TermRose.Should().BeTrue();
        Round(2, leader: 1, term: 13).TermRose.Should().BeFalse();
        Round(3, leader: 1, term: 14).TermRose.Should().BeFalse();
    }

    [Fact]
    public void A_rise_is_told_for_the_endpoint_whose_member_shows_it()
    {
        Round(0, leader: 1, term: 2);

        Round(1, leader: 1, term: 3).TermRoseOn.Should().BeEquivalentTo("m1:2379", "m2:2379", "m3:2379");
    }

    [Fact]
    public void Time_without_a_leader_is_counted_only_while_members_answer()
    {
        Round(0, leader: 1, term: 2).Leaderless.Should().Be(TimeSpan.Zero);
        Round(2, leader: 0, term: 2).Leaderless.Should().Be(TimeSpan.FromSeconds(2));
        _ledger.Observe(ClusterViews.Of([Told.Endpoint("m1:2379", null)]), TimeSpan.FromSeconds(5)).Leaderless.Should().Be(TimeSpan.Zero);
        Round(6, leader: 0, term: 2).Leaderless.Should().Be(TimeSpan.FromSeconds(1));
    }

    private LeadershipChanges Round(double now, ulong leader, ulong term) => _ledger.Observe(
        ClusterViews.Of([.. Enumerable.Range(1, 3).Select(i => Told.Endpoint(
            $"m{i}:2379", Told.Status((ulong)i, leader, term), atSeconds: now, members: Told.List(3)))]),
        TimeSpan.FromSeconds(now));
}
