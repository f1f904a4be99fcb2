using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>A target whose calls are those of a test, and that keeps all that is reported.</summary>
internal sealed class ProbedTarget(Func<Slot, CancellationToken, Task<ProbeOutcome>> call) : IProbeTarget
{
    public bool Due { get; set; } = true;

    public SkipReason? Refused { get; set; }

    /// <summary>Called on the thread that reports.</summary>
    public Action<ProbeEvent> Reported { get; set; } = static _ => { };

    public List<ProbeResult> Changes { get; } = [];

    public bool IsDue(ProbeOperation operation) => Due;

    public SkipReason? Refusal(ProbeOperation operation, Slot slot) => Refused;

    public Task<ProbeOutcome> CallAsync(ProbeOperation operation, Slot slot, CancellationToken cancellationToken) => call(slot, cancellationToken);

    public void Report(ProbeEvent happened) => Reported(happened);

    public void Changed(ProbeResult result) => Changes.Add(result);
}
