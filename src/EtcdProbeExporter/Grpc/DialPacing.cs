namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Keeps a peer that is good for nothing from being dialed all the time. Every call to it wants a connection, and SocketsHttpHandler dials by itself
/// again, up to three times for one call, when a connection cannot take the request that waits for it. A call that comes in the pause fails
/// at once, for the reason that is known.
/// </summary>
internal sealed class DialPacing(TimeProvider time)
{
    /// <summary>Between dials while connections die without having answered: well below the interval of probes.</summary>
    public static readonly TimeSpan AfterNoAnswer = TimeSpan.FromMilliseconds(250);

    /// <summary>After a connection on which the peer sent what is none of a server's business.</summary>
    public static readonly TimeSpan AfterCutOff = TimeSpan.FromSeconds(1);

    private ConnectionTrace? _last;
    private int _established;

    /// <summary>The connection that was established last; null before the first.</summary>
    public ConnectionTrace? Last => Volatile.Read(ref _last);

    /// <summary>How many were established: the number of the newest, from 1.</summary>
    public int Count => Volatile.Read(ref _established);

    public void Established(ConnectionTrace trace)
    {
        Volatile.Write(ref _last, trace);
        Interlocked.Increment(ref _established);
    }

    /// <summary>The failure to give to a call instead of dialing now, or null.</summary>
    public GrpcFailure? Refusal()
    {
        if (Last is not { } last)
        {
            return null;
        }

        var pause = last.WasCutOff || last.IsGivenUp ? AfterCutOff : last.Answered ? TimeSpan.Zero : AfterNoAnswer;
        return time.GetElapsedTime(last.DialedAt) < pause ? last.LastWord() : null;
    }
}
