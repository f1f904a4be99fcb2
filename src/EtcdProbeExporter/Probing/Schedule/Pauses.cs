using System.Runtime.CompilerServices;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>
/// When this process itself stood still: stopped, throttled, migrated, collecting. A thread that does nothing but sleep says how late it
/// woke, as jHiccup does. A pause that has just ended and was not noticed yet counts already: whoever wakes first must know. Any thread.
/// </summary>
internal sealed class Pauses(TimeProvider time)
{
    /// <summary>How often the thread beats.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>A beat that is later than this was held up by a pause; less is what a busy machine does.</summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromMilliseconds(100);

    private const int Kept = 64;

    private static readonly ConditionalWeakTable<TimeProvider, Pauses> All = [];

    private readonly Lock _lock = new();
    private readonly Queue<(long From, long To)> _past = new();
    private TimeSpan _total;
    private long? _lastBeat;

    /// <summary>The pauses by this clock: all of a process share those by the system's.</summary>
    public static Pauses Of(TimeProvider time) => All.GetValue(time, static t => new Pauses(t));

    public void Beat()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (Gap(now) is { } gap)
            {
                _past.Enqueue((gap, now));
                _total += time.GetElapsedTime(gap, now);
                if (_past.Count > Kept)
                {
                    _past.Dequeue();
                }
            }

            _lastBeat = now;
        }
    }

    /// <summary>For how much of the time between two timestamps the process stood still.</summary>
    public TimeSpan During(long from, long to)
    {
        var paused = TimeSpan.Zero;
        lock (_lock)
        {
            foreach (var (began, ended) in _past)
            {
                Overlap(began, ended);
            }

            var now = time.GetTimestamp();
            if (Gap(now) is { } gap)
            {
                Overlap(gap, now);
            }
        }

        return paused;

        void Overlap(long began, long ended)
        {
            if (Math.Max(began, from) is var first && Math.Min(ended, to) is var last && last > first)
            {
                paused += time.GetElapsedTime(first, last);
            }
        }
    }

    /// <summary>
    /// Whether a pause makes it impossible to say how a call went. One that ran out of time was silent for most of it all the same when the
    /// pause was less than a tenth: else an exporter that is throttled without end would never see anybody fail.
    /// </summary>
    public bool Spoils(CallSpan span, bool timedOut)
    {
        var paused = During(span.Sent, span.Ended);
        return paused > TimeSpan.Zero && (!timedOut || paused * 10 >= time.GetElapsedTime(span.Sent, span.Ended));
    }

    /// <summary>The moment that is now on a clock that stands still whenever the process does.</summary>
    public TimeSpan AwakeNow()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            return time.GetElapsedTime(0, now) - _total - (Gap(now) is { } gap ? time.GetElapsedTime(gap, now) : TimeSpan.Zero);
        }
    }

    /// <summary>Since when the beat is overdue, if it is so late that the process must have stood still.</summary>
    private long? Gap(long now)
    {
        if (_lastBeat is not { } last || time.GetElapsedTime(last, now) <= BeatEvery + Tolerated)
        {
            return null;
        }

        return last + (long)(BeatEvery.TotalSeconds * time.TimestampFrequency);
    }
}
