using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Right after a pause of our own everything known is older than it looks: probes get a round to bring news. Never twice in a row, or an
/// exporter that is throttled without end would not judge at all. One thread at a time.
/// </summary>
internal sealed class OwnPause(TimeProvider time)
{
    private readonly Pauses _pauses = Pauses.Of(time);
    private long _lookedAt = time.GetTimestamp();
    private bool _waited;

    /// <summary>Asked once before each judgement: whether this process stood still since the last one, and the next round is to judge.</summary>
    public bool WaitsForTheNext()
    {
        var now = time.GetTimestamp();
        _waited = !_waited && _pauses.During(_lookedAt, now) > TimeSpan.Zero;
        _lookedAt = now;
        return _waited;
    }
}
