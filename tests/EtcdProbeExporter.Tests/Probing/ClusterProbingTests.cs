using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Cluster;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Tests.Supervision;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>The pure decisions of probing a cluster.</summary>
public sealed class ClusterProbingTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public void Writable_is_unknown_before_any_put_has_ended_and_when_none_is_made()
    {
        Writable().Should().BeNull();
        Writable(Put(null, null)).Should().BeNull();
    }

    [Fact]
    public void Writable_is_what_anybody_acknowledged_within_the_window()
    {
        Writable(Put(FailureReason.Timeout, -60), Put(null, -9)).Should().BeTrue();
        Writable(Put(FailureReason.Timeout, -60), Put(null, -11)).Should().BeFalse();
        Writable(Put(FailureReason.Connect, null)).Should().BeFalse();
        Writable(Put(FailureReason.Timeout, -5)).Should().BeTrue("the last acknowledgement is not old yet");
    }

    [Fact]
    public void Writable_is_unknown_while_nobody_is_asked()
    {
        Writable(Put(null, -60)).Should().BeNull("nothing has failed, and nothing was tried since");
        ClusterProber.Writable([Put(FailureReason.Connect, -60), Put(null, -60)], Now - Window, [null, SkipReason.QuotaGuard]).Should().BeNull("who fails is down");
        ClusterProber.Writable([Put(FailureReason.Connect, -60), Put(null, -6)], Now - Window, [null, SkipReason.QuotaGuard]).Should().BeTrue();
    }

    [Fact]
    public void Writable_is_denied_by_an_alarm_under_which_few_puts_are_made()
    {
        ClusterProber.Writable([Put(null, -11)], Now - Window, [null, SkipReason.Alarm]).Should().BeFalse("every member refuses every write");
        ClusterProber.Writable([Put(null, -9)], Now - Window, [SkipReason.Alarm]).Should().BeTrue();
        ClusterProber.Writable([Put(null, -11)], Now - Window, [SkipReason.Alarm, SkipReason.QuotaGuard]).Should().BeFalse();
        ClusterProber.Writable([Put(null, null)], Now - Window, [SkipReason.Alarm]).Should().BeNull("no put has ended");
        ClusterProber.Writable([], Now - Window, [SkipReason.Alarm]).Should().BeNull("none is made");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Writable_does_not_ask_the_wall_clock(int days)
    {
        var time = new SteppedTime();
        var probe = new OperationProbe(
            ProbeOperation.Put,
            new ProbedTarget((_, _) => Task.FromResult(new ProbeOutcome(null, "", null))),
            new SlotPace(TimeSpan.FromSeconds(1), 0),
            TestParts.Part(TestParts.Errors()),
            time);
        await probe.ProbeNowAsync(0, CancellationToken.None);

        time.Step = TimeSpan.FromDays(days);

        ClusterProber.Writable([probe.Snapshot()], Pauses.Of(time).AwakeNow() - Window, [null]).Should().BeTrue();
    }

    [Theory]
    [InlineData(FailureReason.NoSpace, FailureReason.Timeout, FailureReason.NoSpace, FailureReason.Connect)]
    [InlineData(FailureReason.Timeout, FailureReason.Connect, FailureReason.Timeout, FailureReason.Dns)]
    [InlineData(FailureReason.Connect, FailureReason.Connect, FailureReason.Tls)]
    internal void Of_several_failures_the_one_that_tells_most_is_kept(FailureReason expected, params FailureReason[] failures)
    {
        FailoverProber.MostTelling([.. failures.Select(f => new ProbeOutcome(f, "", null))]).Failure.Should().Be(expected);
    }

    /// <summary>A put operation whose last result is this failure, or success, or null and null for none; its last success so many seconds ago.</summary>
    private static OperationSnapshot Put(FailureReason? failure, double? lastSuccess)
    {
        var last = failure is null && lastSuccess is null
            ? null
            : new ProbeResult { Operation = ProbeOperation.Put, EndedAt = default, Duration = TimeSpan.Zero, Failure = failure, Detail = "" };
        return new OperationSnapshot(ProbeOperation.Put, last, null, TimeSpan.Zero)
        {
            LastSuccess = lastSuccess is { } s ? Now + TimeSpan.FromSeconds(s) : null,
        };
    }

    private static bool? Writable(params OperationSnapshot[] puts) => ClusterProber.Writable(puts, Now - Window, [null]);

    /// <summary>A wall clock that is set while the monotonic one goes on.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;
    }
}
