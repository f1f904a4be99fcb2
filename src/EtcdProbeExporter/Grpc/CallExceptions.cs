using System.Net.Sockets;
using System.Security.Authentication;

namespace EtcdProbeExporter.Grpc;

/// <summary>Turns what HttpClient throws into a <see cref="GrpcFailure"/>. Pure; the whole chain is read, the outermost type says little.</summary>
internal static class CallExceptions
{
    /// <param name="exception">What a call threw, other than because its caller gave up.</param>
    /// <param name="freshTls">
    /// TLS was agreed on, and the peer has not answered anything on this connection yet. If it breaks now, the peer has looked at our
    /// certificate, or missed it, and left: TLS 1.3 lets a client finish its handshake first (RFC 8446 section 4.4.2.4), and the alert is
    /// lost when our own first frames meet the closed socket.
    /// </param>
    public static GrpcFailure ToFailure(Exception exception, bool freshTls)
    {
        if (Find<ConnectFailedException>(exception) is { } connect)
        {
            return FromConnect(connect);
        }

        if (Find<HiddenRetryException>(exception) is { } retry)
        {
            return GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, retry.Message);
        }

        if (Find<AuthenticationException>(exception) is not null || IsTlsAlert(exception))
        {
            return GrpcFailure.Unreachable(GrpcFailureKind.Tls, "Tls: " + Innermost(exception).Message);
        }

        if (Find<HttpProtocolException>(exception) is { } protocol)
        {
            var code = GrpcStatus.FromHttp2ErrorCode(protocol.ErrorCode);
            return new GrpcFailure(GrpcFailureKind.Reset, new GrpcStatus(code, protocol.Message));
        }

        if (Find<HttpRequestException>(exception)?.HttpRequestError
            is HttpRequestError.InvalidResponse or HttpRequestError.VersionNegotiationError)
        {
            return freshTls ? ClosedAfterTls() : GrpcFailure.Protocol(GrpcStatusCode.Internal, "the peer does not speak HTTP/2 on this port (is it a TLS port?)");
        }

        // ObjectDisposedException: the stream was torn down under a read.
        var lost = Find<IOException>(exception) is not null
            || Find<SocketException>(exception) is not null
            || Find<HttpRequestException>(exception) is not null
            || Find<ObjectDisposedException>(exception) is not null;
        if (lost && freshTls)
        {
            return ClosedAfterTls();
        }

        return lost
            ? GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, Innermost(exception).Message)
            : GrpcFailure.Protocol(GrpcStatusCode.Internal, $"{exception.GetType().Name}: {exception.Message}");
    }

    private static GrpcFailure ClosedAfterTls() => GrpcFailure.Unreachable(
        GrpcFailureKind.Tls, "Tls: the peer closed the connection after the handshake, before any answer (client certificate refused?)");

    private static GrpcFailure FromConnect(ConnectFailedException e) => e.Phase switch
    {
        ConnectPhase.Dns => GrpcFailure.Unreachable(GrpcFailureKind.Dns, e.Message),
        ConnectPhase.Connect => GrpcFailure.Unreachable(GrpcFailureKind.Connect, e.Message),
        // TCP was accepted and then nothing came: a frozen process looks like this (its kernel accepts for it). That is silence, not a
        // certificate to look at.
        _ when e.TimedOut => GrpcFailure.DeadlineExceeded(e.Message),
        _ => GrpcFailure.Unreachable(GrpcFailureKind.Tls, e.Message),
    };

    private static bool IsTlsAlert(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // .NET's OpenSSL binding has no public exception type; its messages carry OpenSSL's "SSL routines" prefix.
            if (e.Message.Contains("SSL routines", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

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
