using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Opens one connection step by step (name, TCP, TLS), timing each step, so that a failure has a phase and a certificate has an expiry.
/// TLS is done here and the <see cref="SslStream"/> handed over: the HTTP handler uses it as it is.
/// </summary>
internal sealed class Dialer(Uri address, TlsCredentials? tls, TimeSpan timeout, TimeProvider time, Action<ConnectAttempt> onAttempt)
{
    private const string TimedOutText = "not established within the connect timeout";

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
                stream = await AuthenticateAsync(stream, tls, progress, linked.Token);
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

            onAttempt(progress.Failed());
            var text = deadline.IsCancellationRequested ? TimedOutText : Innermost(e).Message;
            throw new ConnectFailedException(progress.Phase, deadline.IsCancellationRequested, $"{progress.Phase}: {text}", e);
        }
    }

    private async Task<IPAddress[]> ResolveAsync(Progress progress, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(address.DnsSafeHost, out var literal))
        {
            return [literal];
        }

        progress.Enter(ConnectPhase.Dns);
#pragma warning disable RS0030 // here its time counts as a phase
        return await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken);
#pragma warning restore RS0030
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

    private async Task<SslStream> AuthenticateAsync(
        Stream transport, TlsCredentials credentials, Progress progress, CancellationToken cancellationToken)
    {
        progress.Enter(ConnectPhase.Tls);
        var stream = new SslStream(transport);
        await stream.AuthenticateAsClientAsync(credentials.ToOptions(address.DnsSafeHost), cancellationToken);
        if (stream.RemoteCertificate is System.Security.Cryptography.X509Certificates.X509Certificate2 peer)
        {
            progress.PeerCertificateNotAfter = peer.NotAfter.ToUniversalTime();
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
