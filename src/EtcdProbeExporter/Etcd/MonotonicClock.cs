namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Moments on the monotonic clock, as time since an arbitrary start: for comparing what was sent and received before what. A wall clock
/// may be set back in between.
/// </summary>
internal static class MonotonicClock
{
    public static TimeSpan Now(this TimeProvider time) => time.GetElapsedTime(0);
}
