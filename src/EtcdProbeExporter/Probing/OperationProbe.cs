using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// One operation on one target, without end: its slots, its state, and the reports of what happens. The same for an endpoint and for the
/// cluster; <paramref name="call"/> is all that differs.
/// </summary>
/// <param name="operation">Names it in events.</param>
/// <param name="interval">Distance of the slots.</param>
/// <param name="phase">See <see cref="SlotSchedule.Create"/>.</param>
/// <param name="isDue">Whether the target does this at all now: a slot that is not due is neither started nor skipped.</param>
/// <param name="refusal">Why the slot must not be used, or null.</param>
/// <param name="call">The probe itself. What it throws, but for cancellation by the token it is given, is the failure <c>internal</c>.</param>
/// <param name="publish">Told of every slot.</param>
/// <param name="changed">Told when the verdict differs from the one before.</param>
/// <param name="part">Gets unforeseen exceptions.</param>
/// <param name="time">The clock.</param>
internal sealed class OperationProbe(
    ProbeOperation operation,
    TimeSpan interval,
    double phase,
    Func<bool> isDue,
    Func<Slot, SkipReason?> refusal,
    Func<Slot, CancellationToken, Task<ProbeOutcome>> call,
    Action<ProbeEvent> publish,
    Action<ProbeResult> changed,
    SupervisedPart part,
    TimeProvider time)
{
    private readonly Pauses _pauses = Pauses.Of(time);
    private readonly OperationState _state = new(operation, time);

    public ProbeOperation Operation => operation;

    public OperationSnapshot Snapshot() => _state.Snapshot();

    /// <summary>Runs until cancelled. The slots are laid out when it starts.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var schedule = SlotSchedule.Create(time, interval, phase);
        return new SlotLoop(schedule, part, ProbeAsync, (_, reason) => Skip(reason), time).RunAsync(cancellationToken);
    }

    /// <summary>One slot that is due now, outside any schedule; not to be mixed with <see cref="RunAsync"/>.</summary>
    public Task ProbeNowAsync(long number, CancellationToken cancellationToken) =>
        ProbeAsync(new Slot(number, time.GetTimestamp()), cancellationToken);

    private void Skip(SkipReason reason)
    {
        if (reason == SkipReason.InFlight)
        {
            _state.Miss();
        }

        publish(new ProbeEvent.Skipped(operation, reason));
    }

    /// <summary>One slot. Not to be called for two at once.</summary>
    internal async Task ProbeAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (!isDue())
        {
            return;
        }

        if (refusal(slot) is { } reason)
        {
            Skip(reason);
            return;
        }

        var started = time.GetTimestamp();
        _state.Begin(started);
        publish(new ProbeEvent.Started(operation, time.GetElapsedTime(Math.Min(slot.Due, started), started)));
        ProbeOutcome outcome;
        try
        {
            outcome = await call(slot, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _state.Abandon();
            throw;
        }
        catch (Exception e)
        {
            part.Failed(e);
            outcome = ProbeOutcome.Defect(e);
        }

        var slotSpan = new CallSpan(started, time.GetTimestamp());
        if (_pauses.Spoils(slotSpan, outcome.Failure == FailureReason.Timeout))
        {
            _state.Abandon();
            Skip(SkipReason.Paused);
            return;
        }

        var result = outcome.ToResult(operation, outcome.Span ?? slotSpan, time);
        var verdictChanged = _state.End(result);
        publish(new ProbeEvent.Finished(result));
        if (verdictChanged)
        {
            changed(result);
        }
    }
}
