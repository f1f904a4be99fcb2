using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>
/// Starts one probe per slot, never two at once: a slot whose predecessor still runs is reported as skipped at the moment it was due, so
/// that a hang shows while it lasts, and one that we are a whole interval late for is not made up for.
/// </summary>
/// <param name="schedule">When.</param>
/// <param name="part">Gets what a slot throws; the next slot starts as if nothing had happened.</param>
/// <param name="probe">Runs one slot.</param>
/// <param name="skipped">Gets each slot that found its predecessor running, or that passed while the process stood still.</param>
/// <param name="time">The clock.</param>
internal sealed class SlotLoop(
    SlotSchedule schedule, SupervisedPart part, Func<Slot, CancellationToken, Task> probe, Action<Slot, SkipReason> skipped, TimeProvider time)
{
    /// <summary>The running probe, completed when none runs.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Runs until cancelled; ends when the last probe has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var number = 0L; ; number++)
            {
                var slot = new Slot(number, schedule.At(number));
                await SlotTimer.WaitUntilAsync(time, slot.Due, cancellationToken);
                var missed = schedule.At(number + 1) <= time.GetTimestamp();
                if (missed || !Running.IsCompleted)
                {
                    part.Run(() => skipped(slot, missed ? SkipReason.Paused : SkipReason.InFlight));
                    continue;
                }

                Running = part.RunAsync(token => probe(slot, token), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
