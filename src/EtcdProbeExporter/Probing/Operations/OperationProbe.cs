using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>What is probed: an endpoint, or the cluster over all its endpoints. Called by several operations at once, each at its own slots.</summary>
internal interface IProbeTarget
{
    /// <summary>Whether it does this at all now: a slot that is not due is neither started nor skipped.</summary>
    bool IsDue(ProbeOperation operation);

    /// <summary>Why the slot must not be used; null: it may.</summary>
    SkipReason? Refusal(ProbeOperation operation, Slot slot);

    /// <summary>The probe itself. What it throws, but for cancellation by the token it is given, is the failure <c>internal</c>.</summary>
    Task<ProbeOutcome> CallAsync(ProbeOperation operation, Slot slot, CancellationToken cancellationToken);

    /// <summary>Gets what became of every slot.</summary>
    void Report(ProbeEvent happened);

    /// <summary>Gets the results that differ from the one before: success, or failure for a certain reason.</summary>
    void Changed(ProbeResult result);
}

/// <summary>One operation on one target, without end: its slots, its state, and the reports of what happens.</summary>
/// <param name="operation">What is done.</param>
/// <param name="target">To whom.</param>
/// <param name="pace">When.</param>
/// <param name="part">Gets unforeseen exceptions.</param>
/// <param name="time">The clock.</param>
internal sealed class OperationProbe(ProbeOperation operation, IProbeTarget target, SlotPace pace, SupervisedPart part, TimeProvider time)
{
    private readonly Pauses _pauses = Pauses.Of(time);
    private readonly OperationState _state = new(operation, time);

    public ProbeOperation Operation => operation;

    public OperationSnapshot Snapshot() => _state.Snapshot();

    /// <summary>Runs until cancelled. The slots are laid out when it starts.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var schedule = SlotSchedule.Create(time, pace.Interval, pace.Phase);
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

        target.Report(new ProbeEvent.Skipped(operation, reason));
    }

    /// <summary>One slot. Not to be called for two at once.</summary>
    internal async Task ProbeAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (!target.IsDue(operation))
        {
            return;
        }

        if (target.Refusal(operation, slot) is { } reason)
        {
            Skip(reason);
            return;
        }

        var started = time.GetTimestamp();
        _state.Begin(started);
        target.Report(new ProbeEvent.Started(operation, time.GetElapsedTime(Math.Min(slot.Due, started), started)));
        ProbeOutcome outcome;
        try
        {
            outcome = await target.CallAsync(operation, slot, cancellationToken);
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
        target.Report(new ProbeEvent.Finished(result));
        if (verdictChanged)
        {
            target.Changed(result);
        }
    }
}
