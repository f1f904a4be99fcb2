namespace EtcdProbeExporter.Grpc;

/// <summary>
/// How much a peer may send in one window of time: a little for nothing, and for every call and open stream what its answer may need. Counts
/// the calls of one <see cref="GrpcConnection"/>; any thread.
/// </summary>
/// <param name="maxMessageSize">What one answer may have.</param>
internal sealed class TrafficAllowance(int maxMessageSize)
{
    // etcd's server sends a handful of frames for a call: HEADERS, DATA, trailers, a PING that estimates the bandwidth and one or two
    // WINDOW_UPDATEs (google.golang.org/grpc internal/transport/http2_server.go). Events of a watch come in one small DATA frame each.
    private const int IdleFrames = 500;
    private const int FramesOfCall = 400;
    private const int IdleOther = 256 * 1024;
    private const int OtherOfCall = 64 * 1024; // the limit for response headers
    private const int IdleData = 1024 * 1024;

    /// <summary>A stream counts in every second as so many calls: its messages come when others write, not when we ask.</summary>
    public const int Stream = 2;

    private int _inProgress;
    private int _begun;

    /// <param name="weight">1, or <see cref="Stream"/>; the same for <see cref="CallEnds"/>.</param>
    public void CallBegins(int weight = 1)
    {
        Interlocked.Add(ref _inProgress, weight);
        Interlocked.Add(ref _begun, weight);
    }

    public void CallEnds(int weight = 1) => Interlocked.Add(ref _inProgress, -weight);

    /// <summary>How many calls have ever been begun, by weight.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Calls that a window has to allow for: those under way, and those that were begun since <paramref name="begunBefore"/>.</summary>
    public int CallsSince(int begunBefore) => Volatile.Read(ref _inProgress) + (Begun - begunBefore);

    /// <summary>Whether the counted traffic is more than so many calls explain.</summary>
    public bool IsExceeded(Http2FrameMeter counted, int calls) =>
        counted.Frames > IdleFrames + ((long)calls * FramesOfCall)
        || counted.OtherBytes > IdleOther + ((long)calls * OtherOfCall)
        || counted.DataBytes > IdleData + (calls * ((long)maxMessageSize + OtherOfCall));
}

/// <summary>For how long nothing at all has come while calls were made: the time since the first call after the last byte. Any thread.</summary>
internal sealed class Silence(TimeProvider time)
{
    private long _since; // 0: nobody waits for anything

    /// <summary>Timestamp of the first call that nothing came after; null when something has come since the last one.</summary>
    public long? Since => Volatile.Read(ref _since) is not 0 and var since ? since : null;

    public void CallBegins() => Interlocked.CompareExchange(ref _since, time.GetTimestamp(), 0);

    public void Broken() => Volatile.Write(ref _since, 0);
}
