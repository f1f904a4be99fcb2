using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;
using EtcdProbeExporter.Tests.Supervision;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class SlotLoopTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly InternalErrors _errors = TestParts.Errors();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task A_probe_starts_in_every_slot_and_is_told_when_it_was_due()
    {
        var started = new List<Slot>();
        var schedule = SlotSchedule.Create(_time, Interval, 0.5);
        var loop = new SlotLoop(schedule, TestParts.Part(_errors), Probe, (_, _) => { }, _time).RunAsync(_stop.Token);

        for (var i = 1; i <= 3; i++)
        {
            await NextSlotAsync();
            await Condition.EventuallyAsync(() => started.Count >= i, $"slot {i} started");
        }

        started.Should().Equal(new Slot(0, schedule.At(0)), new Slot(1, schedule.At(1)), new Slot(2, schedule.At(2)));
        await StopAsync(loop);

        Task Probe(Slot slot, CancellationToken cancellationToken)
        {
            started.Add(slot);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_slot_is_reported_as_skipped_while_its_predecessor_runs_and_the_next_keeps_its_time()
    {
        var hang = new TaskCompletionSource();
        var started = new List<long>();
        var skipped = new List<long>();
        var loop = new SlotLoop(SlotSchedule.Create(_time, Interval, 0.5), TestParts.Part(_errors), Probe, (s, _) => skipped.Add(s.Number), _time).RunAsync(_stop.Token);

        await NextSlotAsync();
        await Condition.EventuallyAsync(() => started.Count == 1, "slot 0 started");
        for (var i = 1; i <= 2; i++)
        {
            await NextSlotAsync();
            await Condition.EventuallyAsync(() => skipped.Count == i, $"slot {i} skipped while it is due");
        }

        hang.SetResult();
        await NextSlotAsync();
        await Condition.EventuallyAsync(() => started.Count == 2, "slot 3 started");

        started.Should().Equal(0, 3);
        skipped.Should().Equal(1, 2);
        await StopAsync(loop);

        Task Probe(Slot slot, CancellationToken cancellationToken)
        {
            started.Add(slot.Number);
            return slot.Number == 0 ? hang.Task : Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Slots_that_passed_while_the_process_stood_still_are_not_made_up_for()
    {
        var started = new List<long>();
        var skipped = new List<(long, SkipReason)>();
        var schedule = new SlotSchedule(_time.GetTimestamp() - (Interval.Ticks * 7 / 2), Interval.Ticks);

        var loop = new SlotLoop(schedule, TestParts.Part(_errors), Probe, (s, reason) => skipped.Add((s.Number, reason)), _time).RunAsync(_stop.Token);
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "the loop waits for a slot");

        skipped.Should().Equal((0, SkipReason.Paused), (1, SkipReason.Paused), (2, SkipReason.Paused));
        started.Should().Equal(3);
        await StopAsync(loop);

        Task Probe(Slot slot, CancellationToken cancellationToken)
        {
            started.Add(slot.Number);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_defect_in_a_slot_is_reported_and_the_next_slot_starts()
    {
        var loop = new SlotLoop(
            SlotSchedule.Create(_time, Interval, 0.5),
            TestParts.Part(_errors),
            (_, _) => Task.FromException(new InvalidOperationException("defect")),
            (_, _) => { },
            _time).RunAsync(_stop.Token);

        for (var i = 1; i <= 3; i++)
        {
            await NextSlotAsync();
            await Condition.EventuallyAsync(() => _errors.Count(ExporterPart.Probe) == i, $"slot {i} has failed");
        }

        await StopAsync(loop);
    }

    public void Dispose() => _stop.Dispose();

    private async Task NextSlotAsync()
    {
        await Condition.EventuallyAsync(() => _time.Waiting > 0, "the loop waits for a slot");
        _time.Advance(Interval);
    }

    private async Task StopAsync(Task loop)
    {
        await _stop.CancelAsync();
        await loop.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
