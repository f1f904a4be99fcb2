namespace EtcdProbeExporter.Probing;

/// <summary>
/// One operation at one moment: its last result (null before the first), the wall-clock time of its last success, and the age of the probe
/// that is running now (zero when none runs).
/// </summary>
internal sealed record OperationSnapshot(
    ProbeOperation Operation, ProbeResult? Last, DateTimeOffset? LastSuccessAt, TimeSpan InFlight)
{
    /// <summary>The probes that ended last, oldest first, up to <see cref="OperationState.Remembered"/>.</summary>
    public IReadOnlyList<PastProbe> Recent { get; init; } = [];
}
