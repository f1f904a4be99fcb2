using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Two that claim to lead at once: which of them has the higher term, and who has committed since.</summary>
public sealed class RivalryTests
{
    private readonly ClaimSpan _a = new(Sample(1, 7, 10, 0));
    private readonly ClaimSpan _b = new(Sample(2, 7, 10, 0));
    private double _now;

    [Theory]
    [InlineData(7, 8, false, 8, 2)]
    [InlineData(8, 7, false, 8, 1)]
    [InlineData(7, 7, true, 7, 2)]
    public void The_newest_terms_tell_which_is_the_higher(ulong termOfA, ulong termOfB, bool same, ulong term, ulong higher)
    {
        var rivalry = New();
        _a.Extend(Sample(1, termOfA, 10, 1));
        _b.Extend(Sample(2, termOfB, 10, 1));

        (rivalry.SameTerm, rivalry.Term, rivalry.Higher.MemberId).Should().Be((same, term, higher));
    }

    [Fact]
    public void Commits_count_from_the_beginning_of_the_rivalry_for_each_by_itself()
    {
        Commit(_a, 11);
        Commit(_a, 12);
        Commit(_b, 11);
        var rivalry = New();
        (rivalry.CommitRisesOf(_a), rivalry.CommitRisesOf(_b)).Should().Be((0, 0));

        Commit(_a, 13);
        Commit(_b, 12);
        Commit(_b, 13);
        (rivalry.CommitRisesOf(_a), rivalry.CommitRisesOf(_b)).Should().Be((1, 2));
    }

    [Fact]
    public void The_time_in_one_term_begins_anew_after_a_break()
    {
        var rivalry = New();
        At(rivalry, 10);
        At(rivalry, 12);
        rivalry.SameTermFor(TimeSpan.FromSeconds(13)).Should().Be(TimeSpan.FromSeconds(3));

        _a.Extend(Sample(1, 8, 10, 14));
        At(rivalry, 14);
        rivalry.SameTermFor(TimeSpan.FromSeconds(15)).Should().Be(TimeSpan.Zero);

        _b.Extend(Sample(2, 8, 10, 16));
        At(rivalry, 16);
        rivalry.SameTermFor(TimeSpan.FromSeconds(17)).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_turn_is_when_the_other_commits_and_terms_that_differ_end_the_count()
    {
        var rivalry = New();
        Commit(_a, 11);
        At(rivalry, 1);
        Commit(_a, 12);
        At(rivalry, 2);
        rivalry.Turns.Should().Be(1, "one alone takes no turns");
        At(rivalry, 3);
        Commit(_b, 11);
        At(rivalry, 4);
        rivalry.Turns.Should().Be(2);
        At(rivalry, 5);
        Commit(_a, 13);
        At(rivalry, 6);
        rivalry.Turns.Should().Be(3);

        _b.Extend(Sample(2, 8, 11, 7));
        At(rivalry, 7);
        rivalry.Turns.Should().Be(0);
    }

    private Rivalry New() => new(_a, _b, TimeSpan.Zero);

    private void Commit(ClaimSpan span, ulong index) => span.Extend(Sample(span.MemberId, span.Term, index, ++_now));

    private static void At(Rivalry rivalry, double now) => rivalry.Observe(TimeSpan.FromSeconds(now));

    private static MemberSample Sample(ulong member, ulong term, ulong commit, double at) =>
        new($"m{member}:2379", Told.Status(member, leader: member, term: term, commit: commit), TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.01));
}
