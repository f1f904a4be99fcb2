namespace EtcdProbeExporter.Probing.Cluster;

/// <summary>
/// How long a silent endpoint is waited for before another is asked as well: a little longer than answers took lately, so that a member
/// that hangs costs little and a cluster that is slow as a whole is not asked twice for everything. The estimate is that of a retransmission
/// timeout, RFC 6298 §2, with bounds of our own: never below 100 ms, which is a long disk write and not a hang, and never above a second or a
/// quarter of the timeout, so that several endpoints are asked in time. Not safe for two threads at once.
/// </summary>
internal sealed class Patience(TimeSpan timeout)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _longest = TimeSpan.FromTicks(Math.Max(Shortest.Ticks, Math.Min(Longest.Ticks, (timeout / 4).Ticks)));
    private TimeSpan? _smoothed;
    private TimeSpan _variation;

    /// <summary>The longest before anything is known.</summary>
    public TimeSpan Now => _smoothed is { } smoothed
        ? TimeSpan.FromTicks(Math.Clamp((smoothed + (_variation * 4)).Ticks, Shortest.Ticks, _longest.Ticks))
        : _longest;

    /// <summary>An endpoint served, and took this long.</summary>
    public void Served(TimeSpan duration)
    {
        if (_smoothed is not { } smoothed)
        {
            _smoothed = duration;
            _variation = duration / 2;
            return;
        }

        _variation = (_variation * 0.75) + ((smoothed - duration).Duration() * 0.25);
        _smoothed = (smoothed * 0.875) + (duration * 0.125);
    }
}
