namespace EtcdProbeExporter.Grpc;

/// <summary>For how long nothing at all has come while calls were made: the time since the first call after the last byte. Any thread.</summary>
internal sealed class Silence(TimeProvider time)
{
    private long _since; // 0: nobody waits for anything

    /// <summary>Timestamp of the first call that nothing came after; null when something has come since the last one.</summary>
    public long? Since => Volatile.Read(ref _since) is not 0 and var since ? since : null;

    public void CallBegins() => Interlocked.CompareExchange(ref _since, time.GetTimestamp(), 0);

    public void Broken() => Volatile.Write(ref _since, 0);
}
