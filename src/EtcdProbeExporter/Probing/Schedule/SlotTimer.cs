using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace EtcdProbeExporter.Probing.Schedule;

/// <summary>
/// Wakes slots on time. The runtime's timer queue reads a clock that moves every 4 ms on kernels with HZ=250 (CLOCK_MONOTONIC_COARSE), so
/// Task.Delay ends up to two milliseconds before or after its time. This is one thread for the whole process that sleeps until shortly
/// before the next slot and then for exactly the rest; whoever waits goes on in the thread pool. It also beats for <see cref="Pauses"/>.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "There is one, for as long as the process lives.")]
internal sealed class SlotTimer
{
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(2);
    private static readonly Lazy<SlotTimer> Shared = new(static () => new SlotTimer());

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private readonly AutoResetEvent _changed = new(false);
    private bool _hasNap = true;

    private SlotTimer()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "slots" };
        thread.Start();
    }

    /// <param name="time">The system's clock, or one of a test: then by its own timers.</param>
    /// <param name="due">A timestamp of that clock.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static Task WaitUntilAsync(TimeProvider time, long due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = time.GetElapsedTime(time.GetTimestamp(), due);
        if (left <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        return time == TimeProvider.System ? Shared.Value.Add(due).WaitAsync(cancellationToken) : Task.Delay(left, time, cancellationToken);
    }

    private Task Add(long due)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isNext;
        lock (_lock)
        {
            _waiting.Enqueue(waiter, due);
            isNext = _waiting.Peek() == waiter;
        }

        if (isNext)
        {
            _changed.Set();
        }

        return waiter.Task;
    }

    private void Run()
    {
        var pauses = Pauses.Of(_time);
        while (true)
        {
            pauses.Beat();
            var left = CompleteDue();
            if (left > Shortly)
            {
                var most = left < Pauses.BeatEvery ? left - (Shortly / 2) : Pauses.BeatEvery;
                _changed.WaitOne((int)most.TotalMilliseconds); // whole milliseconds, by a condition variable on CLOCK_MONOTONIC
            }
            else if (left > TimeSpan.Zero)
            {
                Nap(left);
            }
        }
    }

    /// <summary>Returns how long it is until the next slot; a second when none waits.</summary>
    private TimeSpan CompleteDue()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var waiter, out var due))
            {
                var left = _time.GetElapsedTime(_time.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                {
                    return left;
                }

                _waiting.Dequeue();
                waiter.TrySetResult();
            }
        }

        return TimeSpan.FromSeconds(1);
    }

    /// <summary>.NET sleeps in whole milliseconds only; the kernel's high-resolution timers are some 60 µs late (nanosleep(2), timer slack).</summary>
    private void Nap(TimeSpan left)
    {
        try
        {
            if (_hasNap && OperatingSystem.IsLinux() && Environment.Is64BitProcess)
            {
                _ = NanoSleep(new TimeSpec(0, left.Ticks * TimeSpan.NanosecondsPerTick), 0);
                return;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            _hasNap = false;
        }

        Thread.Sleep(1); // this thread does nothing but wait: there is no condition to await, only a time
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NanoSleep(in TimeSpec request, nint remaining);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);
}
