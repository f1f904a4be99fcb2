namespace EtcdProbeExporter.Probing;

/// <summary>
/// One operation at one moment: its last result (null before the first), the wall-clock time of its last success, and the age of the probe
/// that is running now (zero when none runs).
/// </summary>
internal sealed record OperationSnapshot(
    ProbeOperation Operation, ProbeResult? Last, DateTimeOffset? LastSuccessAt, TimeSpan InFlight)
{
    /// <summary>
    /// When the last success ended, on the clock of <see cref="Pauses.AwakeNow"/>: its age is how long we have been without one while we could
    /// have had one. The wall-clock time is for people; a wall clock may be set.
    /// </summary>
    public TimeSpan? LastSuccess { get; init; }

    /// <summary>
    /// The age at this very moment instead of that of the snapshot: the one thing that a scrape must not take from the last round, because a
    /// probe that ended since would look as if it hung.
    /// </summary>
    public TimeSpan InFlightNow => Live?.Age() ?? InFlight;

    /// <summary>Where <see cref="InFlightNow"/> is read; null in snapshots that were not taken of a running prober.</summary>
    public OperationState? Live { private get; init; }

    /// <summary>The probes that ended last, oldest first, up to <see cref="OperationState.Remembered"/>.</summary>
    public IReadOnlyList<PastProbe> Recent { get; init; } = [];

    /// <summary>The last slots, those included that were skipped because a probe still ran; oldest first, up to <see cref="OperationState.JudgedSlots"/>.</summary>
    public IReadOnlyList<PastSlot> Slots { get; init; } = [];
}
