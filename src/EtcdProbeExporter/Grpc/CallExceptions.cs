using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Turns what HttpClient throws into a <see cref="GrpcFailure"/>. Pure; the whole chain is read, the outermost type says little. What the
/// connection is known to have ended of (<see cref="ConnectionTrace"/>) goes before what a torn-down stream throws: that depends on who
/// notices first. An exception of another kind is nobody's failure but ours, and comes out as it is: the probe then fails as <c>internal</c>.
/// </summary>
internal static class CallExceptions
{
    /// <param name="exception">What a call threw, other than because its caller gave up.</param>
    /// <param name="connection">The connection that the call was sent on; null when there was none.</param>
    public static GrpcFailure ToFailure(Exception exception, ConnectionTrace? connection)
    {
        if (Find<ConnectFailedException>(exception) is { } connect)
        {
            return FromConnect(connect);
        }

        if (Find<ConnectionEndedException>(exception) is { } ended)
        {
            return ended.Failure;
        }

        if (Find<HiddenRetryException>(exception) is { } retry)
        {
            return connection?.GoAwayFailure() ?? GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, retry.Message);
        }

        if (Find<HttpProtocolException>(exception) is { } protocol)
        {
            return FromHttp2(protocol, connection);
        }

        if (TlsAlert.TextOf(exception) is { } alert)
        {
            return GrpcFailure.Unreachable(GrpcFailureKind.Tls, alert);
        }

        switch (Find<HttpRequestException>(exception)?.HttpRequestError)
        {
            case HttpRequestError.ConfigurationLimitExceeded:
                return GrpcFailure.Protocol(GrpcStatusCode.ResourceExhausted, "the peer's response headers are over the limit: " + Innermost(exception).Message);
            case HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError:
                return GrpcFailure.Protocol(GrpcStatusCode.Internal, "the peer's HTTP/2 answer is invalid: " + Innermost(exception).Message);
        }

        // ObjectDisposedException: the handler tore the stream down under a read, and gave somebody else the reason. OperationCanceledException, when
        // nobody gave up: the handler cancelled a body that was being sent, because the response failed.
        var lost = Find<IOException>(exception) is not null
            || Find<SocketException>(exception) is not null
            || Find<HttpRequestException>(exception) is not null
            || Find<ObjectDisposedException>(exception) is not null
            || Find<OperationCanceledException>(exception) is not null;
        if (!lost)
        {
            ExceptionDispatchInfo.Throw(exception); // nothing that a peer or a network does: a defect of ours, not the peer's protocol
        }

        return connection?.LastWord() ?? GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, Innermost(exception).Message);
    }

    private static GrpcFailure FromHttp2(HttpProtocolException e, ConnectionTrace? connection)
    {
        if (connection?.GoAwayFailure() is { } goAway)
        {
            return goAway;
        }

        // The handler says "the server closed the connection" of what it found broken itself.
        return connection is { Meter.AnyReset: false }
            ? GrpcFailure.Protocol(GrpcStatusCode.Internal, $"the peer breaks the rules of HTTP/2 (error {e.ErrorCode})")
            : new GrpcFailure(GrpcFailureKind.Reset, new GrpcStatus(GrpcStatus.FromHttp2ErrorCode(e.ErrorCode), e.Message));
    }

    private static GrpcFailure FromConnect(ConnectFailedException e) => e.Phase switch
    {
        _ when e.Known is { } known => known,
        ConnectPhase.Dns => GrpcFailure.Unreachable(GrpcFailureKind.Dns, e.Message),
        ConnectPhase.Connect => GrpcFailure.Unreachable(GrpcFailureKind.Connect, e.Message),
        // TCP was accepted and then nothing came: a frozen process looks like this (its kernel accepts for it). That is silence, not a
        // certificate to look at.
        _ when e.TimedOut => GrpcFailure.DeadlineExceeded(e.Message),
        _ => GrpcFailure.Unreachable(GrpcFailureKind.Tls, e.Message),
    };

    private static TException? Find<TException>(Exception exception)
        where TException : Exception
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is TException found)
            {
                return found;
            }
        }

        return null;
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }
}

/// <summary>The HTTP handler wanted to send a request a second time: the first connection refused or abandoned it.</summary>
internal sealed class HiddenRetryException() : IOException("the server abandoned the request and the HTTP handler tried to repeat it");

/// <summary>Thrown into the HTTP handler by the stream under it, so that every call on the connection carries the same reason.</summary>
internal sealed class ConnectionEndedException(GrpcFailure failure, Exception? inner) : IOException(failure.Detail, inner)
{
    public GrpcFailure Failure { get; } = failure;
}

/// <summary>
/// Thrown from the connect callback only. HttpClient wraps what a callback throws; finding our own type in the chain is surer than
/// <see cref="HttpRequestError"/>, which calls a failed handshake with a plain-text port "ConnectionError".
/// </summary>
internal sealed class ConnectFailedException(ConnectPhase phase, bool timedOut, string message, Exception inner)
    : IOException(message, inner)
{
    public ConnectPhase Phase { get; } = phase;

    public bool TimedOut { get; } = timedOut;

    /// <summary>What the failure is, where the phase would mislead.</summary>
    public GrpcFailure? Known { get; init; }
}
