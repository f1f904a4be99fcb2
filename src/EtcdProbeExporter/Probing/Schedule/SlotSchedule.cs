using System.Text;

namespace EtcdProbeExporter.Probing.Schedule;

/// <param name="Interval">Distance of two slots.</param>
/// <param name="Phase">0 to 1: the part of an interval by which the slots lie behind a multiple of the interval.</param>
internal readonly record struct SlotPace(TimeSpan Interval, double Phase);

/// <summary>
/// Fixed points in time: <c>origin + phase + n * interval</c>, as <see cref="TimeProvider.GetTimestamp"/> values. What a slot's probe does,
/// however long it takes, moves no other slot.
/// </summary>
internal readonly record struct SlotSchedule(long First, long Interval)
{
    /// <param name="time">Its wall clock anchors the slots, so that a restart keeps them; from then on only its monotonic clock counts.</param>
    /// <param name="interval">Distance of two slots.</param>
    /// <param name="phase">0 to 1: the part of an interval by which the slots lie behind a multiple of the interval.</param>
    public static SlotSchedule Create(TimeProvider time, TimeSpan interval, double phase)
    {
        var now = time.GetUtcNow().Ticks;
        var sinceMultiple = now % interval.Ticks;
        var wait = (long)(interval.Ticks * phase) - sinceMultiple;
        if (wait < 0)
        {
            wait += interval.Ticks;
        }

        return new SlotSchedule(time.GetTimestamp() + ToTimestamp(time, wait), ToTimestamp(time, interval.Ticks));
    }

    public long At(long slot) => First + (slot * Interval);

    /// <summary>
    /// A phase in [0, 1) that depends on <paramref name="text"/> only (FNV-1a, 32 bit): the same after every restart and in every exporter
    /// of the same version, and spread over the interval for different endpoints.
    /// </summary>
    public static double PhaseOf(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 16777619u;
        }

        // The last bytes barely reach FNV's high bits, and endpoints differ in their last bytes: finish with murmur3's mixer.
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >> 16;
        return hash / (uint.MaxValue + 1.0);
    }

    private static long ToTimestamp(TimeProvider time, long ticks) =>
        (long)(ticks / (double)TimeSpan.TicksPerSecond * time.TimestampFrequency);
}

/// <summary>One due point in time. <paramref name="Number"/> counts from 0; <paramref name="Due"/> is a <see cref="TimeProvider"/> timestamp.</summary>
internal readonly record struct Slot(long Number, long Due);
