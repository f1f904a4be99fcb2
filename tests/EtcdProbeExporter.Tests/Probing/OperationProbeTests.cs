using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Tests.Supervision;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class OperationProbeTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly InternalErrors _errors = TestParts.Errors();
    private readonly List<ProbeEvent> _events = [];
    private readonly ProbedTarget _target;
    private TaskCompletionSource<ProbeOutcome> _answer = new();

    public OperationProbeTests() => _target = new ProbedTarget((_, _) => _answer.Task) { Reported = _events.Add };

    [Fact]
    public async Task Latency_is_the_requests_own_whatever_came_before_it()
    {
        var probe = Start();
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Started>().Any(), "started");
        _time.Advance(TimeSpan.FromMilliseconds(300)); // a login, say
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(20));

        _answer.SetResult(new ProbeOutcome(null, "", null) { Span = new CallSpan(sent, _time.GetTimestamp()) });

        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Any(), "finished");
        probe.Snapshot().Last!.Duration.Should().Be(TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task Lag_is_reported_apart_from_the_latency()
    {
        var schedule = _time.GetTimestamp() - TimeSpan.FromMilliseconds(70).Ticks;
        _answer.SetResult(new ProbeOutcome(null, "", null));

        await Operation().ProbeAsync(new Slot(0, schedule), CancellationToken.None);

        _events.OfType<ProbeEvent.Started>().Single().Lag.Should().Be(TimeSpan.FromMilliseconds(70));
        _events.OfType<ProbeEvent.Finished>().Single().Result.Duration.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_age_of_a_running_probe_counts_from_its_start()
    {
        var probe = Start();
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Started>().Any(), "started");
        _time.Advance(TimeSpan.FromMilliseconds(400));

        probe.Snapshot().InFlight.Should().BeCloseTo(TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(2));
        _answer.SetResult(new ProbeOutcome(null, "", null));

        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Any(), "finished");
        var result = _events.OfType<ProbeEvent.Finished>().Single().Result;
        result.Duration.Should().BeCloseTo(TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(2), "the slot lay half a second before");
        probe.Snapshot().Should().Match<OperationSnapshot>(s => s.InFlight == TimeSpan.Zero && s.Last == result && s.LastSuccessAt == result.EndedAt);
        _target.Changes.Should().BeEmpty("the first success is no news");
    }

    [Fact]
    public async Task A_verdict_is_news_when_it_changes_and_only_then()
    {
        Start();
        FailureReason?[] outcomes = [FailureReason.Timeout, FailureReason.Timeout, FailureReason.Connect, null, null];
        for (var i = 0; i < outcomes.Length; i++)
        {
            _answer = new TaskCompletionSource<ProbeOutcome>();
            _answer.SetResult(new ProbeOutcome(outcomes[i], "", null));
            await SlotAsync();
            await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Count() > i, $"probe {i} ended");
        }

        _target.Changes.Select(c => c.Failure).Should().Equal(FailureReason.Timeout, FailureReason.Connect, null);
    }

    [Fact]
    public async Task A_refused_slot_is_told_as_skipped_and_one_that_is_not_due_not_at_all()
    {
        _target.Refused = SkipReason.Alarm;
        Start();
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.Count == 1, "skipped");

        _target.Due = false;
        await SlotAsync();
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "waits for the next slot");

        _events.Should().Equal(new ProbeEvent.Skipped(ProbeOperation.Put, SkipReason.Alarm));
    }

    [Theory]
    [InlineData(null, 3000, 3000, false)]
    [InlineData(FailureReason.Timeout, 3000, 3000, false)]
    [InlineData(FailureReason.Connect, 3000, 3000, false)]
    [InlineData(FailureReason.Timeout, 200, 3000, true)]
    [InlineData(null, 100, 100, true)]
    internal async Task A_probe_that_was_under_way_while_we_stood_still_is_skipped(FailureReason? failure, int paused, int took, bool counts)
    {
        var pauses = Pauses.Of(_time);
        pauses.Beat();
        var probing = Operation().ProbeAsync(new Slot(0, _time.GetTimestamp()), CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(paused));
        if (paused < took)
        {
            pauses.Beat();
            for (var left = took - paused; left > 0; left -= 25)
            {
                _time.Advance(TimeSpan.FromMilliseconds(25));
                pauses.Beat();
            }
        }

        _answer.SetResult(new ProbeOutcome(failure, "", null));
        await probing;

        _events.OfType<ProbeEvent.Finished>().Any().Should().Be(counts);
        _events.Contains(new ProbeEvent.Skipped(ProbeOperation.Put, SkipReason.Paused)).Should().Be(!counts);
        _target.Changes.Count.Should().Be(counts && failure is not null ? 1 : 0);
    }

    [Fact]
    public async Task A_probe_that_we_gave_up_ourselves_is_no_result()
    {
        var probe = Start();
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Started>().Any(), "started");

        await _stop.CancelAsync();
        _answer.SetCanceled(_stop.Token);

        await Condition.EventuallyAsync(() => probe.Snapshot().InFlight == TimeSpan.Zero, "given up");
        probe.Snapshot().Last.Should().BeNull();
        _events.OfType<ProbeEvent.Finished>().Should().BeEmpty();
    }

    [Fact]
    public async Task An_unforeseen_exception_is_the_failure_of_its_slot_and_the_next_slot_starts()
    {
        var probe = Start();
        _answer.SetException(new InvalidOperationException("defect"));
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Any(), "failed");
        probe.Snapshot().Last!.Failure.Should().Be(FailureReason.Internal);
        _errors.Count(ExporterPart.Probe).Should().Be(1);

        _answer = new TaskCompletionSource<ProbeOutcome>();
        _answer.SetResult(new ProbeOutcome(null, "", null));
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Count() == 2, "the next slot");
        probe.Snapshot().Last!.Succeeded.Should().BeTrue();
    }

    [Fact]
    public async Task Slots_are_remembered_with_what_became_of_them_but_for_those_that_say_nothing_of_etcd()
    {
        var probe = Start();
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Started>().Any(), "started");
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Skipped>().Any(), "skipped while it runs");
        _answer.SetResult(new ProbeOutcome(FailureReason.Timeout, "", null));
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Any(), "timed out");
        _target.Refused = SkipReason.Alarm;
        await SlotAsync();
        await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Skipped>().Count() == 2, "held back");

        probe.Snapshot().Slots.Select(s => s.End).Should().Equal(SlotEnd.Skipped, SlotEnd.TimedOut);
        _target.Refused = null;
        _answer = new TaskCompletionSource<ProbeOutcome>();
        _answer.SetResult(new ProbeOutcome(null, "", null));
        for (var i = 1; i <= 11; i++)
        {
            await SlotAsync();
            await Condition.EventuallyAsync(() => _events.OfType<ProbeEvent.Finished>().Count() == i + 1, "the next slot");
        }

        probe.Snapshot().Slots.Should().HaveCount(10).And.OnlyContain(s => s.End == SlotEnd.Succeeded);
    }

    public void Dispose() => _stop.Dispose();

    private OperationProbe Start()
    {
        var probe = Operation();
        _ = probe.RunAsync(_stop.Token);
        return probe;
    }

    private OperationProbe Operation() => new(ProbeOperation.Put, _target, new SlotPace(Interval, 0.5), TestParts.Part(_errors), _time);

    /// <summary>Moves over the next slot, half a second behind it.</summary>
    private async Task SlotAsync()
    {
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "waits for a slot");
        _time.Advance(Interval);
    }
}
