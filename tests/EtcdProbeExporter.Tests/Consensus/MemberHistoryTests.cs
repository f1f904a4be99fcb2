using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

public sealed class MemberHistoryTests
{
    private readonly MemberHistory _history = new();
    private double _now;
    private int _members;

    [Theory]
    [InlineData(7, 270, 250, 2, 12, 36, true, "the term went back: restored")]
    [InlineData(2, 270, 250, 2, 12, 36, true, "equal terms, the log begins anew: restored")]
    [InlineData(2, 270, 250, 3, 12, 1_000_000_036, true, "bumped revisions")]
    [InlineData(2, 26, 18, 2, 20, 21, true, "a young cluster: fewer entries and more revisions")]
    [InlineData(2, 26, 18, 2, 30, 1_000_000_021, true, "a young cluster with bumped revisions and many writes since")]
    [InlineData(2, 270, 250, 2, 255, 236, false, "the tail of the log is lost: index and revision together")]
    [InlineData(2, 270, 250, 3, 255, 236, false, "and an election since")]
    [InlineData(2, 270, 250, 2, 270, 250, false, "nothing happened")]
    [InlineData(2, 270, 250, 3, 9_270, 9_250, false, "it goes on")]
    public void Another_log_is_told_from_a_lost_tail(
        ulong termBefore, ulong appliedBefore, long revisionBefore, ulong term, ulong applied, long revision, bool another, string why) =>
        MemberHistory.IsAnotherLog(
            Told.Status(1, 1, termBefore, appliedBefore, revision: revisionBefore), Told.Status(1, 1, term, applied, revision: revision)).Should().Be(another, why);

    [Fact]
    public void A_quorum_with_another_log_is_a_restore_and_less_than_that_is_undecided()
    {
        Observe((1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250));

        Observe((1, 2, 9, 36)).Should().Be((null, 0));
        _history.Undecided.Should().BeTrue();
        Observe((1, 2, 10, 37), (2, 2, 10, 37)).Restored!.ToString().Should().Be("term 7 → 2, revision 250 → 37, at least 213 revisions lost");
    }

    [Fact]
    public void When_others_go_on_the_one_that_went_back_broke_its_promise()
    {
        Observe((1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250));

        Observe((1, 6, 100, 90)).Should().Be((null, 0));
        Observe((1, 6, 100, 90), (2, 7, 280, 260)).Should().Be((null, 2), "its term and its revision went back");
        _history.Undecided.Should().BeFalse();
    }

    [Fact]
    public void A_lost_tail_is_a_regression_at_once_on_all_members()
    {
        Observe((1, 7, 270, 250), (2, 7, 270, 250));

        Observe((1, 8, 262, 241), (2, 8, 262, 241)).Should().Be((null, 2));
    }

    [Fact]
    public void A_member_that_was_last_asked_before_the_restore_is_not_accused_when_it_is_asked_again()
    {
        Observe((1, 2, 27, 17), (2, 2, 27, 17), (3, 2, 27, 17));
        var old = Told.Endpoint("m3:2379", Told.Status(3, 1, 2, 27, revision: 17), _now);
        _now += 5;
        var view = ClusterViews.Of(
            [Told.Endpoint("m1:2379", Told.Status(1, 1, 2, 10, revision: 10), _now), Told.Endpoint("m2:2379", Told.Status(2, 1, 2, 10, revision: 10), _now), old],
            new ViewContext { MemberList = Told.List(3) });

        _history.Observe(view).Restored!.ToString().Should().Be("term 2 → 2, revision 17 → 10, at least 7 revisions lost");
        _history.Restart(view);

        Observe((1, 2, 11, 11), (2, 2, 11, 11), (3, 2, 11, 11)).Should().Be((null, 0));
    }

    [Fact]
    public void A_single_member_is_its_own_quorum()
    {
        Observe((1, 3, 500, 400));

        Observe((1, 2, 5, 100)).Restored.Should().NotBeNull();
    }

    [Fact]
    public void A_member_that_joins_with_an_empty_disk_says_nothing()
    {
        Observe((1, 7, 270, 250), (2, 7, 270, 250));

        Observe((1, 7, 271, 251), (9, 0, 0, 1)).Should().Be((null, 0));
        Observe((9, 7, 271, 251)).Should().Be((null, 0));
        _history.Undecided.Should().BeFalse();
    }

    private (Restoration? Restored, int Violations) Observe(params (ulong Member, ulong Term, ulong Applied, long Revision)[] samples)
    {
        _now += 5;
        var observations = samples.Select(s => Told.Endpoint(
            $"m{s.Member}:2379", Told.Status(s.Member, 1, s.Term, s.Applied, revision: s.Revision), _now)).ToList();
        _members = Math.Max(_members, samples.Length);
        var (restored, violations) = _history.Observe(ClusterViews.Of(observations, new ViewContext { MemberList = Told.List(_members) }));
        return (restored, violations.Count);
    }
}
