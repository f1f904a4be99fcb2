using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Probing.Operations;

/// <summary>What is known of one operation on one endpoint. Written by its slot loop, read by scrapes on other threads.</summary>
internal sealed class OperationState(ProbeOperation operation, TimeProvider time)
{
    /// <summary>How many ended probes are kept for people to look at.</summary>
    public const int Remembered = 60;

    /// <summary>How many slots are kept to judge by.</summary>
    public const int JudgedSlots = 10;

    private const long NotRunning = long.MinValue;

    private readonly Lock _lock = new();
    private long _runningSince = NotRunning;
    private ProbeResult? _last;
    private readonly Pauses _pauses = Pauses.Of(time);
    private DateTimeOffset? _lastSuccessAt;
    private TimeSpan? _lastSuccess;
    private PastProbe[] _recent = []; // replaced as a whole: snapshots share it
    private PastSlot[] _slots = []; // the same

    /// <param name="started">When the probe was started: its age while it runs counts from there.</param>
    public void Begin(long started)
    {
        lock (_lock)
        {
            _runningSince = started;
        }
    }

    /// <summary>The probe was given up by ourselves: nothing is known.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _runningSince = NotRunning;
        }
    }

    /// <summary>Returns whether the verdict differs from the one before: success, or failure for a certain reason.</summary>
    public bool End(ProbeResult result)
    {
        lock (_lock)
        {
            _runningSince = NotRunning;
            var changed = _last is null ? !result.Succeeded : _last.Failure != result.Failure;
            _last = result;
            var kept = _recent.Length < Remembered ? _recent : _recent[1..];
            _recent = [.. kept, new PastProbe(result.EndedAt, result.Duration, result.Failure, result.Detail)];
            if (result.Failure != FailureReason.Internal)
            {
                Remember(new PastSlot(EndOf(result.Failure), result.Sent)); // a defect of ours says nothing of etcd
            }

            if (result.Succeeded)
            {
                _lastSuccessAt = result.EndedAt;
                _lastSuccess = _pauses.AwakeNow();
            }

            return changed;
        }
    }

    /// <summary>A slot was due and not started, because the probe of an earlier one still ran.</summary>
    public void Miss()
    {
        lock (_lock)
        {
            Remember(new PastSlot(SlotEnd.Skipped, time.GetElapsedTime(0, time.GetTimestamp())));
        }
    }

    /// <summary>Age of the probe that is running at this moment; zero when none runs.</summary>
    public TimeSpan Age()
    {
        lock (_lock)
        {
            var age = _runningSince == NotRunning ? TimeSpan.Zero : time.GetElapsedTime(_runningSince);
            return age < TimeSpan.Zero ? TimeSpan.Zero : age;
        }
    }

    public OperationSnapshot Snapshot()
    {
        lock (_lock)
        {
            return new OperationSnapshot(operation, _last, _lastSuccessAt, Age())
            {
                Live = this,
                LastSuccess = _lastSuccess,
                Recent = _recent,
                Slots = _slots,
            };
        }
    }

    private void Remember(PastSlot slot)
    {
        var kept = _slots.Length < JudgedSlots ? _slots : _slots[1..];
        _slots = [.. kept, slot];
    }

    private static SlotEnd EndOf(FailureReason? failure) => failure switch
    {
        null => SlotEnd.Succeeded,
        FailureReason.Timeout => SlotEnd.TimedOut,
        _ => SlotEnd.Failed,
    };
}

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

/// <summary>One probe that has ended, as history keeps it. <paramref name="Failure"/> is null on success, and <paramref name="Detail"/> empty then.</summary>
internal readonly record struct PastProbe(DateTimeOffset EndedAt, TimeSpan Duration, FailureReason? Failure, string Detail);
