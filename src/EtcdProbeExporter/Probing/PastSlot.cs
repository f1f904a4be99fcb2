namespace EtcdProbeExporter.Probing;

/// <summary>What became of a slot, or of an event that was due.</summary>
internal enum SlotEnd
{
    Succeeded,

    /// <summary>Not answered within the probe timeout.</summary>
    TimedOut,

    /// <summary>Not started, because the probe of an earlier slot still ran.</summary>
    Skipped,

    /// <summary>Answered with an error, or nobody was there.</summary>
    Failed,
}

/// <summary>One of the last slots of an operation. <paramref name="Began"/> is on the monotonic clock: when its request was sent, or when it was skipped.</summary>
internal readonly record struct PastSlot(SlotEnd End, TimeSpan Began);
