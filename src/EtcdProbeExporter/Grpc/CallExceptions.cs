using System.Net.Sockets;
using System.Security.Authentication;

namespace EtcdProbeExporter.Grpc;

/// <summary>Turns what HttpClient throws into a <see cref="GrpcFailure"/>. Pure; the whole chain is read, the outermost type says little.</summary>
internal static class CallExceptions
{
    /// <param name="exception">What a call threw, other than because its caller gave up.</param>
    /// <param name="secured">Whether the connection is made with TLS: the same silence after connecting means different things.</param>
    public static GrpcFailure ToFailure(Exception exception, bool secured)
    {
        File.AppendAllText("/tmp/exc.txt", exception.ToString() + "\n=====\n"); File.AppendAllText("/tmp/exc.txt", exception.ToString() + "\n=====\n");
        if (Find<ConnectFailedException>(exception) is { } connect)
        {
            return FromConnect(connect);
        }

        if (Find<HiddenRetryException>(exception) is { } retry)
        {
            return GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, retry.Message);
        }

        // A client certificate that the server refuses shows only after the handshake: TLS 1.3 lets the client finish first, and the
        // alert arrives where the server's HTTP/2 settings should (RFC 8446 section 4.4.2.4).
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
            return NoHttp2(secured);
        }

        // ObjectDisposedException: the stream was torn down under a read.
        var lost = Find<IOException>(exception) is not null
            || Find<SocketException>(exception) is not null
            || Find<HttpRequestException>(exception) is not null
            || Find<ObjectDisposedException>(exception) is not null;
        return lost
            ? GrpcFailure.Unreachable(GrpcFailureKind.ConnectionLost, Innermost(exception).Message)
            : GrpcFailure.Protocol(GrpcStatusCode.Internal, $"{exception.GetType().Name}: {exception.Message}");
    }

    // Closed, or answered in something else, before the first HTTP/2 frame. TLS had already agreed on h2, so a secured peer that closes
    // then has looked at our certificate, or missed it, and left.
    private static GrpcFailure NoHttp2(bool secured) => secured
        ? GrpcFailure.Unreachable(GrpcFailureKind.Tls, "Tls: the peer closed the connection after the handshake (client certificate refused?)")
        : GrpcFailure.Protocol(GrpcStatusCode.Internal, "the peer does not speak HTTP/2 on this port (is it a TLS port?)");

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
