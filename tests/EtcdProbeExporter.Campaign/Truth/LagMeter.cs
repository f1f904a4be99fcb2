namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>
/// How long this machine does nothing for anybody: a thread that sleeps and sees how much too late it wakes. Where several clusters and
/// exporters share two cores, the exporter may be late by as much, and no user's machine is meant by the bound.
/// </summary>
internal sealed class LagMeter : IDisposable
{
    private static readonly TimeSpan Nap = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Noticed = TimeSpan.FromMilliseconds(100);

    private readonly List<(TimeSpan At, TimeSpan Late)> _late = [];
    private readonly EpisodeClock _clock;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    public LagMeter(EpisodeClock clock)
    {
        _clock = clock;
        _thread = new Thread(Measure) { IsBackground = true, Name = "lag meter" };
        _thread.Start();
    }

    /// <summary>What was noticed: when it ended, and how long it was.</summary>
    public IReadOnlyList<(TimeSpan At, TimeSpan Late)> Late
    {
        get
        {
            lock (_late)
            {
                return [.. _late];
            }
        }
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Measure()
    {
        var before = _clock.Now;
        while (!_stop.Wait(Nap))
        {
            var now = _clock.Now;
            var late = now - before - Nap;
            before = now;
            if (late >= Noticed)
            {
                lock (_late)
                {
                    _late.Add((now, late));
                }
            }
        }
    }
}
