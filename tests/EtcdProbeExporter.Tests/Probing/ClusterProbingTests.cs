using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>The pure decisions of probing a cluster.</summary>
public sealed class ClusterProbingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public void Writable_is_unknown_before_any_put_has_ended_and_when_none_is_made()
    {
        ClusterProber.Writable([], Now, Window).Should().BeNull();
        ClusterProber.Writable([Put(null, null)], Now, Window).Should().BeNull();
    }

    [Fact]
    public void Writable_is_what_anybody_acknowledged_within_the_window()
    {
        ClusterProber.Writable([Put(FailureReason.Timeout, -60), Put(null, -9)], Now, Window).Should().BeTrue();
        ClusterProber.Writable([Put(FailureReason.Timeout, -60), Put(null, -11)], Now, Window).Should().BeFalse();
        ClusterProber.Writable([Put(FailureReason.Connect, null)], Now, Window).Should().BeFalse();
        ClusterProber.Writable([Put(FailureReason.Timeout, -5)], Now, Window).Should().BeTrue("the last acknowledgement is not old yet");
    }

    [Theory]
    [InlineData(FailureReason.NoSpace, FailureReason.Timeout, FailureReason.NoSpace, FailureReason.Connect)]
    [InlineData(FailureReason.Timeout, FailureReason.Connect, FailureReason.Timeout, FailureReason.Dns)]
    [InlineData(FailureReason.Connect, FailureReason.Connect, FailureReason.Tls)]
    internal void Of_several_failures_the_one_that_tells_most_is_kept(FailureReason expected, params FailureReason[] failures)
    {
        FailoverProber.MostTelling([.. failures.Select(f => new ProbeOutcome(f, "", null))]).Failure.Should().Be(expected);
    }

    [Theory]
    [InlineData(5, 3, 1)]
    [InlineData(1, 3, 0.25)]
    [InlineData(5, 9, 0.5)]
    [InlineData(100, 1, 1)]
    public void A_silent_endpoint_is_left_behind_in_time_for_all_the_others(double timeout, int endpoints, double patience)
    {
        FailoverProber.Patience(TimeSpan.FromSeconds(timeout), endpoints).Should().Be(TimeSpan.FromSeconds(patience));
        (FailoverProber.Patience(TimeSpan.FromSeconds(timeout), endpoints) * endpoints).Should().BeLessThan(TimeSpan.FromSeconds(timeout));
    }

    /// <summary>A put operation whose last result is this failure, or success, or null and null for none; its last success so many seconds ago.</summary>
    private static OperationSnapshot Put(FailureReason? failure, double? lastSuccess)
    {
        var last = failure is null && lastSuccess is null
            ? null
            : new ProbeResult { Operation = ProbeOperation.Put, EndedAt = Now, Duration = TimeSpan.Zero, Failure = failure, Detail = "" };
        return new OperationSnapshot(ProbeOperation.Put, last, lastSuccess is { } s ? Now.AddSeconds(s) : null, TimeSpan.Zero);
    }
}
