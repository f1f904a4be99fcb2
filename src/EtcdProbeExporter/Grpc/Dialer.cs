using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Opens one connection step by step (name, TCP, TLS), timing each step, so that a failure has a phase and a certificate has an expiry.
/// TLS is done here: the HTTP handler uses the stream as it is.
/// </summary>
internal sealed class Dialer(Uri address, TlsCredentials? tls, TimeSpan timeout, TimeProvider time, Action<ConnectAttempt> onAttempt)
{
    // tcp(7): how long sent data may stay unacknowledged before the kernel gives the connection up. By default it goes on for a quarter of an hour.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const double UserTimeoutShare = 2.5; // of the connect timeout, which is four fifths of a call's: two timeouts

    private const string TimedOutText = "not established within the connect timeout";

    /// <summary>How names become addresses.</summary>
#pragma warning disable RS0030 // here its time counts as a phase
    public NameLookup Lookup { get; set; } = static (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken);
#pragma warning restore RS0030

    /// <summary>Throws <see cref="ConnectFailedException"/>, or <see cref="OperationCanceledException"/> when the caller gave up.</summary>
    public async ValueTask<Stream> DialAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var progress = new Progress(time);
        Socket? socket = null;
        try
        {
            var addresses = await ResolveAsync(progress, linked.Token);
            socket = await ConnectAsync(addresses, progress, linked.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                progress.Transport = new OpeningStream(stream);
                stream = await AuthenticateAsync(progress.Transport, tls, progress, linked.Token);
            }

            onAttempt(progress.Done());
            return stream;
        }
        catch (Exception e)
        {
            socket?.Dispose();
            if (cancellationToken.IsCancellationRequested && !deadline.IsCancellationRequested)
            {
                throw; // the caller gave up: nothing is known about the peer
            }

            throw Failed(e, progress, deadline.IsCancellationRequested);
        }
    }

    private ConnectFailedException Failed(Exception e, Progress progress, bool timedOut)
    {
        // A peer that accepts and resets at once can be faster than our look at whether the connect succeeded. The same peer would
        // else be "connect" now and "unavailable" then. A port on which nobody listens refuses instead.
        if (progress.Phase == ConnectPhase.Connect && e is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            onAttempt(progress.Done());
            return new ConnectFailedException(ConnectPhase.Connect, false, e.Message, e) { Known = ConnectionTrace.Wordless(tls is not null) };
        }

        onAttempt(progress.Failed());
        var known = timedOut || progress.Phase != ConnectPhase.Tls ? null : InHandshake(progress.Transport!.First, e);
        var text = timedOut ? TimedOutText : Innermost(e).Message;
        return new ConnectFailedException(progress.Phase, timedOut, $"{progress.Phase}: {text}", e) { Known = known };
    }

    /// <summary>What the first bytes say about a handshake that failed; null when the exception knows best.</summary>
    private static GrpcFailure? InHandshake(ReadOnlySpan<byte> first, Exception e)
    {
        if (first.IsEmpty && (e is IOException || Innermost(e) is SocketException))
        {
            return ConnectionTrace.Wordless(askedInTls: true);
        }

        var text = PeerOpening.NotTls(first) is { } objection ? "Tls: " + objection : TlsAlert.TextOf(e);
        return text is null ? null : GrpcFailure.Unreachable(GrpcFailureKind.Tls, text);
    }

    private async Task<IPAddress[]> ResolveAsync(Progress progress, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(address.DnsSafeHost, out var literal))
        {
            return [literal];
        }

        progress.Enter(ConnectPhase.Dns);
        return await Lookup(address.DnsSafeHost, cancellationToken);
    }

    private async Task<Socket> ConnectAsync(IPAddress[] addresses, Progress progress, CancellationToken cancellationToken)
    {
        progress.Enter(ConnectPhase.Connect);
        for (var i = 0; ; i++)
        {
#pragma warning disable RS0030 // the one place that opens connections to etcd
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
#pragma warning restore RS0030
            try
            {
                // TCP keep-alive frees the socket of a peer that vanished; HTTP/2 pings on idle connections would cost us the
                // connection: etcd answers them with GOAWAY too_many_pings (embed/etcd.go, PermitWithoutStream=false).
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                LimitSilence(socket);
                await socket.ConnectAsync(addresses[i], address.Port, cancellationToken);
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose(); // the name has another address: try it within the same deadline
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private void LimitSilence(Socket socket)
    {
        if (OperatingSystem.IsLinux())
        {
            var milliseconds = (int)Math.Clamp(timeout.TotalMilliseconds * UserTimeoutShare, 2_000, 30_000);
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes(milliseconds));
        }
    }

    private async Task<GuardedSslStream> AuthenticateAsync(
        Stream transport, TlsCredentials credentials, Progress progress, CancellationToken cancellationToken)
    {
        progress.Enter(ConnectPhase.Tls);
        var stream = new GuardedSslStream(transport);
        await stream.AuthenticateAsClientAsync(credentials.ToOptions(address.DnsSafeHost), cancellationToken);
        if (stream.RemoteCertificate is System.Security.Cryptography.X509Certificates.X509Certificate2 peer)
        {
            progress.PeerCertificateNotAfter = peer.NotAfter.ToUniversalTime();
        }

        if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            throw new AuthenticationException(TlsAlert.NoHttp2);
        }

        return stream;
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e;
    }

    /// <summary>Which phase is running and how long the finished ones took.</summary>
    private sealed class Progress(TimeProvider time)
    {
        private readonly TimeSpan?[] _durations = new TimeSpan?[3];
        private long _entered;
        private bool _running;

        public ConnectPhase Phase { get; private set; }

        public DateTimeOffset? PeerCertificateNotAfter { get; set; }

        /// <summary>What TLS is agreed on over; null before it is begun.</summary>
        public OpeningStream? Transport { get; set; }

        public void Enter(ConnectPhase phase)
        {
            Leave();
            Phase = phase;
            _entered = time.GetTimestamp();
            _running = true;
        }

        public ConnectAttempt Done()
        {
            Leave();
            return Attempt(null);
        }

        public ConnectAttempt Failed() => Attempt(Phase); // the failed phase has no duration: it did not happen

        private void Leave()
        {
            if (_running)
            {
                _durations[(int)Phase] = time.GetElapsedTime(_entered);
                _running = false;
            }
        }

        private ConnectAttempt Attempt(ConnectPhase? failed) =>
            new(_durations[0], _durations[1], _durations[2], failed, PeerCertificateNotAfter);
    }
}
