namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Stands between the HTTP handler and a peer. The handler reads as long as there is something to read and believes every frame; this counts
/// what comes against what the calls expect, cuts the connection when it is too much, and lets other work have the thread in between. It also
/// settles how a connection ended, once, for all calls on it.
/// </summary>
internal sealed class ConnectionGuard(ConnectionTrace trace, TrafficAllowance allowance, Silence silence, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>A peer that sends and does not read lets our answers to its frames pile up in the handler.</summary>
    private static readonly TimeSpan UnreadFor = TimeSpan.FromSeconds(10);

    /// <summary>Reads that may follow each other on one thread while data is there.</summary>
    private const int ReadsInARow = 4;

    private long _windowBegan = time.GetTimestamp();
    private int _begunBefore = allowance.Begun;
    private int _calls;
    private int _inARow;
    private long _writingSince; // 0: nothing is being written
    private volatile bool _closed;

    public delegate ValueTask<int> Reading(Memory<byte> buffer, CancellationToken cancellationToken);

    public delegate ValueTask Writing(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>The handler itself closes the stream: what its pending read throws then is no fault of the peer.</summary>
    public void Closes() => _closed = true;

    public async ValueTask<int> ReadAsync(Reading inner, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var reading = inner(buffer, cancellationToken);
            var atOnce = reading.IsCompleted;
            var read = await reading;
            if (buffer.IsEmpty)
            {
                return read;
            }

            if (read == 0)
            {
                throw new ConnectionEndedException(trace.Ended(null), null);
            }

            silence.Broken();
            await YieldAsync(atOnce);
            if ((trace.Received(buffer.Span[..read]) ?? Excess()) is { } objection)
            {
                throw new ConnectionEndedException(objection, null);
            }

            return read;
        }
        catch (Exception) when (buffer.IsEmpty && !cancellationToken.IsCancellationRequested && !_closed)
        {
            // The handler waits so, without a buffer, for something to come. A reset ends that wait although bytes lie unread before it: the read
            // with a buffer that follows gets them first.
            return 0;
        }
        catch (Exception e) when (e is not ConnectionEndedException && (e is not OperationCanceledException || _closed))
        {
            throw new ConnectionEndedException(_closed ? trace.LastWord() : trace.Ended(e), e);
        }
    }

    /// <summary>
    /// A write that fails says only that the connection is gone, and says it too early: what the peer sent before it left may be unread. The
    /// read that is always pending ends as well and knows more.
    /// </summary>
    public async ValueTask WriteAsync(Writing inner, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _writingSince, time.GetTimestamp());
        try
        {
            await inner(buffer, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // reported by ReadAsync
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
        }
    }

    private async ValueTask YieldAsync(bool readAtOnce)
    {
        _inARow = readAtOnce ? _inARow + 1 : 0;
        if (_inARow >= ReadsInARow)
        {
            _inARow = 0;
            await Task.Yield();
        }
    }

    private GrpcFailure? Excess()
    {
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_windowBegan, now);
        if (elapsed >= Window)
        {
            trace.Meter.Restart();
            (_windowBegan, _begunBefore, _calls, elapsed) = (now, allowance.Begun, 0, TimeSpan.Zero);
        }

        _calls = Math.Max(_calls, allowance.CallsSince(_begunBefore));
        if (allowance.IsExceeded(trace.Meter, _calls))
        {
            return trace.CutOff(GrpcFailure.Protocol(GrpcStatusCode.Internal, FormattableString.Invariant(
                $"the peer sends what nobody asked for: frames {trace.Meter.Describe()}; {trace.Meter.Bytes} bytes in {elapsed.TotalSeconds:0.00} s, calls: {_calls}")));
        }

        return Volatile.Read(ref _writingSince) is > 0 and var since && time.GetElapsedTime(since, now) > UnreadFor
            ? trace.CutOff(GrpcFailure.Protocol(GrpcStatusCode.Internal, "the peer sends and does not read"))
            : null;
    }
}
