using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>When two members claimed to lead at one instant for certain, from samples that were each true at some instant only.</summary>
public sealed class ClaimSpanTests
{
    // First and last sample of each, as seconds at which it was asked for and answered. One sample: first and last are the same.
    [Theory]
    [InlineData("0 1, 4 5", "2 3, 6 7", true, "both claimed from 3 to 4")]
    [InlineData("0 1, 3 4", "2 3, 6 7", true, "both claimed at 3")]
    [InlineData("0 1, 3 4", "2 3.5, 6 7", false, "the one may have ended at 3 and the other begun at 3.5")]
    [InlineData("0 1, 3 4", "5 6, 8 9", false, "one after the other")]
    [InlineData("0 1, 5 6", "2 3", true, "a whole sample within the other's span")]
    [InlineData("0 1, 5 6", "1 5", true, "exactly within it")]
    [InlineData("0 1, 5 6", "0.9 3", false, "it may have been true before the other began")]
    [InlineData("0 1, 5 6", "4 5.1", false, "it may have been true after the other ended")]
    [InlineData("0 1", "0 1", false, "two single samples have no instant in common for certain")]
    [InlineData("0 1, 5 6", "0 4.2, 4 4.5", true, "only its last sample lies within")]
    [InlineData("0 1, 5 6", "2 3, 2.5 7", true, "only its first sample lies within")]
    [InlineData("0 5, 3 9", "1 2, 6 7", false, "it may have claimed at 1 and at 8 only")]
    [InlineData("0 2, 2 4", "1 2, 3 4", true, "both claimed at 2")]
    public void Two_claims_overlap_only_where_nothing_else_is_possible(string one, string other, bool overlap, string because)
    {
        ClaimSpan.SurelyOverlap(Span(one), Span(other)).Should().Be(overlap, because);
        ClaimSpan.SurelyOverlap(Span(other), Span(one)).Should().Be(overlap, because);
    }

    [Fact]
    public void A_rise_of_the_commit_index_counts_only_between_two_answers_in_a_row()
    {
        var span = new ClaimSpan(Sample("0 1", commit: 10));

        span.Extend(Sample("1 2", commit: 10));
        span.CommitRises.Should().Be(0);
        span.Extend(Sample("2 3", commit: 11));
        span.CommitRises.Should().Be(1);
        span.Extend(Sample("3 4", commit: 9));
        span.CommitRises.Should().Be(1);

        span.Interrupt();
        span.Extend(Sample("5 6", commit: 20));
        span.CommitRises.Should().Be(1, "it may have lost the leadership and won it again");
        span.Extend(Sample("6 7", commit: 21));
        span.CommitRises.Should().Be(2);
    }

    [Fact]
    public void It_has_the_term_of_its_last_sample_and_the_beginning_of_its_first()
    {
        var span = new ClaimSpan(Sample("1 2", term: 5));
        span.Extend(Sample("3 4", term: 6));

        (span.MemberId, span.Term, span.FirstSent, span.Last.Sent).Should().Be((1, 6, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
    }

    private static ClaimSpan Span(string samples)
    {
        var parts = samples.Split(',', StringSplitOptions.TrimEntries);
        var span = new ClaimSpan(Sample(parts[0]));
        foreach (var later in parts[1..])
        {
            span.Extend(Sample(later));
        }

        return span;
    }

    private static MemberSample Sample(string sentAndReceived, ulong term = 2, ulong commit = 10)
    {
        var times = sentAndReceived.Split(' ').Select(t => TimeSpan.FromSeconds(double.Parse(t, System.Globalization.CultureInfo.InvariantCulture))).ToList();
        return new MemberSample("m1:2379", Told.Status(1, leader: 1, term: term, commit: commit), times[0], times[1]);
    }
}
