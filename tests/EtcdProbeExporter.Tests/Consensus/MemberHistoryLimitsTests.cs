using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Where a lost tail ends and another log begins, and whose word decides between a restore and a broken promise.</summary>
public sealed class MemberHistoryLimitsTests
{
    private readonly MemberHistory _history = new();

    [Theory]
    [InlineData(100, 1000, 50, 950, false, "half of the log is lost, and not more")]
    [InlineData(100, 1000, 49, 949, true, "more than half")]
    [InlineData(100, 1000, 80, 990, false, "of twenty entries ten made a revision: a tail")]
    [InlineData(100, 1000, 80, 991, true, "of twenty entries nine did: most of a tail makes revisions")]
    [InlineData(100, 1000, 100, 999, false, "no entry is gone")]
    [InlineData(100, 1000, 110, 1_001_010, false, "as many revisions as a bump begins with, and not more")]
    [InlineData(100, 1000, 110, 1_001_011, true, "bumped")]
    public void Index_and_revision_tell_a_lost_tail_from_another_log(
        ulong appliedBefore, long revisionBefore, ulong applied, long revision, bool another, string because) =>
        MemberHistory.IsAnotherLog(
            Told.Status(1, 1, 2, appliedBefore, revision: revisionBefore), Told.Status(1, 1, 2, applied, revision: revision)).Should().Be(another, because);

    [Fact]
    public void Each_regression_has_its_sentence()
    {
        Observe(5, (0xab, 7, 270, 250), (2, 7, 270, 250));
        Observe(10, (0xab, 6, 100, 90)).Violations.Should().BeEmpty("it may have been restored");

        Observe(15, (0xab, 6, 100, 90), (2, 7, 271, 251)).Violations.Select(v => $"{v.Kind}: {v.What}").Should().Equal(
            "RevisionRegression: the revision of member ab went back from 250 to 90",
            "TermRegression: the applied term of member ab went back from 7 to 6");
        Observe(20, (0xab, 6, 101, 91), (2, 7, 272, 252)).Violations.Should().BeEmpty("it is said once");
    }

    [Fact]
    public void A_member_that_went_back_and_came_again_with_its_old_log_was_not_restored()
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250));
        Observe(10, (1, 7, 10, 9));
        _history.Undecided.Should().BeTrue();

        var (restored, violations) = Observe(15, (1, 7, 280, 260));

        (restored, violations.Count).Should().Be((null, 0), "what answered in between was somebody else");
        _history.Undecided.Should().BeFalse();
    }

    [Fact]
    public void Without_a_list_a_majority_of_the_members_that_are_known_makes_a_quorum()
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250), (4, 7, 270, 250));

        Observe(10, (1, 2, 9, 36), (2, 2, 9, 36)).Restored.Should().BeNull();
        Observe(15, (3, 2, 9, 37)).Restored.Should().Be(new Restoration(7, 2, 250, 37));
    }

    [Fact]
    public void Terms_and_revisions_of_a_restoration_are_the_highest_before_and_after()
    {
        Observe(5, (1, 7, 270, 250), (2, 6, 260, 240), (3, 7, 265, 255));

        Observe(10, (1, 3, 9, 36), (2, 2, 9, 38), (3, 2, 9, 37)).Restored.Should().Be(new Restoration(7, 3, 255, 38));
    }

    [Fact]
    public void An_answer_from_before_the_first_of_another_log_does_not_go_on_with_the_old_one()
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250));

        var view = ClusterViews.Of(
            [.. Endpoints(10, (1, 2, 9, 36)), .. Endpoints(9.99, (2, 7, 280, 260))], new ViewContext { MemberList = Told.List(3) });
        _history.Observe(view).Violations.Should().BeEmpty("it may have been given before the restore");
        _history.Undecided.Should().BeTrue();
        _history.Observe(ClusterViews.Of(
            [.. Endpoints(10, (1, 2, 9, 36)), .. Endpoints(10.5, (2, 7, 280, 260))], new ViewContext { MemberList = Told.List(3) })).Violations.Should().HaveCount(2);
    }

    [Fact]
    public void The_first_answer_of_another_log_is_the_one_that_counts()
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250), (4, 7, 270, 250), (5, 7, 270, 250));

        var view = ClusterViews.Of([.. Endpoints(10, (1, 2, 9, 36)), .. Endpoints(14, (2, 2, 9, 36)), .. Endpoints(12, (3, 7, 280, 260))]);

        _history.Observe(view).Violations.Should().HaveCount(4, "the third went on after the first had begun anew");
    }

    [Fact]
    public void With_a_list_a_quorum_is_of_its_voters_whoever_was_seen()
    {
        ClusterView View(double at, params (ulong Member, ulong Term, ulong Applied, long Revision)[] samples) =>
            ClusterViews.Of([.. Endpoints(at, samples)], new ViewContext { MemberList = Told.List(5) });
        _history.Observe(View(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250)));

        _history.Observe(View(10, (1, 2, 9, 36), (2, 2, 9, 36))).Restored.Should().BeNull("two of five");
        _history.Observe(View(15, (3, 2, 9, 36))).Restored.Should().NotBeNull();
    }

    [Theory]
    [InlineData(5.005, 0)]
    [InlineData(5.01, 2)]
    public void An_answer_that_was_asked_for_before_the_last_one_came_proves_nothing(double at, int violations)
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250));

        Observe(at, (1, 7, 269, 249), (2, 7, 269, 249)).Violations.Should().HaveCount(violations);
    }

    [Fact]
    public void After_a_restart_members_begin_with_what_they_have_shown_since_the_first_of_another_log()
    {
        Observe(5, (1, 7, 270, 250), (2, 7, 270, 250), (3, 7, 270, 250));
        Observe(10, (1, 2, 9, 36));
        Observe(12, (2, 2, 9, 36));
        var view = ClusterViews.Of([.. Endpoints(10, (1, 2, 9, 36)), .. Endpoints(12, (2, 2, 9, 36)), .. Endpoints(9, (3, 7, 280, 260))]);

        _history.Restart(view);

        _history.Undecided.Should().BeFalse();
        Observe(15, (1, 2, 8, 35), (2, 2, 8, 35), (3, 2, 8, 35)).Violations.Should().HaveCount(2, "the third has shown nothing since");
    }

    private (Restoration? Restored, IReadOnlyList<Violation> Violations) Observe(
        double at, params (ulong Member, ulong Term, ulong Applied, long Revision)[] samples) => _history.Observe(ClusterViews.Of([.. Endpoints(at, samples)]));

    private static IEnumerable<EndpointObservation> Endpoints(double at, params (ulong Member, ulong Term, ulong Applied, long Revision)[] samples) =>
        samples.Select(s => Told.Endpoint($"m{s.Member}:2379", Told.Status(s.Member, 1, s.Term, s.Applied, revision: s.Revision), at));
}
