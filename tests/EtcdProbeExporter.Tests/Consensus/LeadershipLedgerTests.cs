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
        Round(5, leader: 0, term: 3).LeaderChanged.Should().BeFalse();
        Round(6, leader: 3, term: 4).LeaderChanged.Should().BeTrue("the gap before it does not hide the change");
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
        Round(1, leader: 1, term: 2).Leaderless.Should().Be(TimeSpan.Zero);
        Round(3, leader: 0, term: 2).Leaderless.Should().Be(TimeSpan.FromSeconds(2));
        var silence = ClusterViews.Of([Told.Endpoint("m1:2379", null, state: EndpointState.Unreachable)], new ViewContext { ClusterId = Told.ClusterId, MemberList = Told.List(3) });
        (silence.HasLeader, _ledger.Observe(silence, TimeSpan.FromSeconds(5)).Leaderless).Should().Be((false, TimeSpan.Zero));
        Round(6, leader: 0, term: 2).Leaderless.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_rise_is_of_one_member_and_not_of_an_address()
    {
        Observe(0, Member(1, "a:1", 2), Member(2, "b:1", 2));

        Observe(1, Member(1, "a:1", 3), Member(2, "b:1", 2)).TermRoseOn.Should().Equal("a:1");
        Observe(2, Member(3, "a:1", 9), Member(2, "b:1", 1)).TermRoseOn.Should().BeEmpty("another member answers there, and a fall is no rise");
        Observe(3, Member(3, "a:1", 9), Member(2, "b:1", 2)).TermRoseOn.Should().Equal("b:1");
    }

    [Fact]
    public void The_highest_term_is_remembered_while_nobody_answers()
    {
        Round(0, leader: 1, term: 5);
        _ledger.Observe(ClusterViews.Of([Told.Endpoint("m1:2379", null)]), TimeSpan.FromSeconds(1)).TermRose.Should().BeFalse();

        Round(2, leader: 1, term: 5).TermRose.Should().BeFalse();
        Round(3, leader: 1, term: 6).TermRose.Should().BeTrue();
    }

    [Fact]
    public void After_a_restart_leader_and_terms_are_new_and_time_goes_on()
    {
        Round(0, leader: 1, term: 5);

        _ledger.Restart();

        var first = Round(1, leader: 2, term: 7);
        (first.LeaderChanged, first.TermRose, first.TermRoseOn.Count).Should().Be((false, false, 0));
        Round(2, leader: 1, term: 8).Should().Match<LeadershipChanges>(c => c.LeaderChanged && c.TermRose && c.TermRoseOn.Count == 3);
        _ledger.Restart();
        Round(5, leader: 0, term: 1).Leaderless.Should().Be(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void The_very_first_round_has_nothing_before_it()
    {
        Round(7, leader: 0, term: 2).Should().BeEquivalentTo(LeadershipChanges.None);
        LeadershipChanges.None.Should().BeEquivalentTo(new LeadershipChanges(false, false, TimeSpan.Zero, []));
    }

    private LeadershipChanges Observe(double now, params EndpointObservation[] told) => _ledger.Observe(ClusterViews.Of(told), TimeSpan.FromSeconds(now));

    private static EndpointObservation Member(ulong member, string endpoint, ulong term) => Told.Endpoint(endpoint, Told.Status(member, leader: 0, term: term));

    private LeadershipChanges Round(double now, ulong leader, ulong term) => _ledger.Observe(
        ClusterViews.Of([.. Enumerable.Range(1, 3).Select(i => Told.Endpoint(
            $"m{i}:2379", Told.Status((ulong)i, leader, term), atSeconds: now, members: Told.List(3)))]),
        TimeSpan.FromSeconds(now));
}
