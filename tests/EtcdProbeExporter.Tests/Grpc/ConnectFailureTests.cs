using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EtcdProbeExporter.Tests.Grpc;

/// <summary>Every way in which no connection comes about, against real sockets and real TLS, down to the reason that users see.</summary>
public sealed class ConnectFailureTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly TestCertificates _authority = new();
    private readonly List<ConnectAttempt> _attempts = [];
    private string? _detail;

    [Fact]
    public async Task A_good_pair_connects_and_the_phases_and_the_peers_expiry_are_known()
    {
        var server = _authority.Sign("server");
        var client = _authority.Sign("client");
        string? seen = null;
        await using var peer = await GrpcTestServer.StartAsync(
            context =>
            {
                seen = context.Connection.ClientCertificate?.Subject;
                return AnswerAsync(context);
            },
            certificate: server.Certificate,
            acceptClient: _ => true);

        var reason = await ReasonAsync(peer.Address, Load(_authority.CaFile, client.CertFile, client.KeyFile));

        reason.Should().BeNull();
        seen.Should().Be("CN=client");
        var attempt = _attempts.Should().ContainSingle().Subject;
        attempt.Dns.Should().BeNull("the address is a number");
        attempt.Connect.Should().NotBeNull();
        attempt.Tls.Should().NotBeNull();
        attempt.FailedPhase.Should().BeNull();
        attempt.PeerCertificateNotAfter.Should().BeCloseTo(server.Certificate.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_refused_connection_is_connect()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        (await ReasonAsync(new Uri($"http://127.0.0.1:{port}"), null)).Should().Be("connect");
        _attempts.Should().ContainSingle().Which.FailedPhase.Should().Be(ConnectPhase.Connect);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_dns()
    {
        (await ReasonAsync(new Uri("http://no-such-host.invalid:2379"), null)).Should().Be("dns");
        _attempts.Should().ContainSingle().Which.FailedPhase.Should().Be(ConnectPhase.Dns);
    }

    [Fact]
    public async Task A_name_that_exists_has_a_dns_phase()
    {
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync);

        (await ReasonAsync(new Uri($"http://localhost:{peer.Address.Port}"), null)).Should().BeNull();
        _attempts.Should().ContainSingle().Which.Dns.Should().NotBeNull();
    }

    [Fact]
    public async Task A_server_of_an_unknown_authority_is_tls()
    {
        using var stranger = new TestCertificates();
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync, certificate: stranger.Sign("server").Certificate);

        (await ReasonAsync(peer.Address, Load(_authority.CaFile))).Should().Be("tls");
        _attempts.Should().ContainSingle().Which.FailedPhase.Should().Be(ConnectPhase.Tls);
    }

    [Fact]
    public async Task A_server_with_another_name_is_tls_unless_that_name_is_expected()
    {
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync, certificate: _authority.Sign("server", "10.1.2.3").Certificate);

        (await ReasonAsync(peer.Address, Load(_authority.CaFile))).Should().Be("tls");
        (await ReasonAsync(peer.Address, Load(_authority.CaFile, serverName: "10.1.2.3"))).Should().BeNull();
    }

    /// <summary>.NET alone takes the common name then: the exporter called a member healthy that no etcdctl would talk to.</summary>
    [Fact]
    public async Task A_server_with_a_common_name_only_is_tls_unless_verification_is_off()
    {
        var old = _authority.Sign("localhost", address: null);
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync, certificate: old.Certificate);
        var address = new Uri($"https://localhost:{peer.Address.Port}");

        (await ReasonAsync(address, Load(_authority.CaFile))).Should().Be("tls");
        _detail.Should().Be("Tls: the certificate has no subject alternative name; Go clients (etcdctl) refuse it as well");
        (await ReasonAsync(peer.Address, Load(_authority.CaFile))).Should().Be("tls");
        _detail.Should().Contain("subject alternative name");
        (await ReasonAsync(address, TlsCredentials.Create(new TlsMaterial { InsecureSkipVerify = true }).Credentials)).Should().BeNull();
    }

    [Theory]
    [InlineData(true)] // ends the handshake with no_application_protocol
    [InlineData(false)] // ignores ALPN
    public async Task A_tls_port_without_http_2_is_told_as_that(bool knowsAlpn)
    {
        var certificate = _authority.Sign("server").Certificate;
        await using var kestrel = await GrpcTestServer.StartAsync(AnswerAsync, HttpProtocols.Http1, certificate);
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var serving = knowsAlpn ? Task.CompletedTask : HandshakeAsync();
        var port = knowsAlpn ? kestrel.Address.Port : ((IPEndPoint)plain.LocalEndpoint).Port;

        (await ReasonAsync(new Uri($"https://127.0.0.1:{port}"), Load(_authority.CaFile))).Should().Be("tls");

        _detail.Should().Be("Tls: TLS works, but the peer does not offer HTTP/2 (ALPN h2): not an etcd client port?");
        await serving;

        async Task HandshakeAsync()
        {
            using var accepted = await plain.AcceptTcpClientAsync();
            await using var tls = new SslStream(accepted.GetStream());
            await tls.AuthenticateAsServerAsync(certificate);
        }
    }

    [Fact]
    public async Task An_expired_server_is_tls_unless_verification_is_off()
    {
        var expired = _authority.Sign("server", notAfter: DateTimeOffset.UtcNow.AddHours(-1));
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync, certificate: expired.Certificate);

        (await ReasonAsync(peer.Address, Load(_authority.CaFile))).Should().Be("tls");
        (await ReasonAsync(peer.Address, TlsCredentials.Create(new TlsMaterial { InsecureSkipVerify = true }).Credentials)).Should().BeNull();
    }

    [Fact]
    public async Task A_client_certificate_that_the_server_refuses_is_tls()
    {
        var client = _authority.Sign("client");
        await using var peer = await GrpcTestServer.StartAsync(
            AnswerAsync, certificate: _authority.Sign("server").Certificate, acceptClient: _ => false);

        (await ReasonAsync(peer.Address, Load(_authority.CaFile, client.CertFile, client.KeyFile))).Should().Be("tls");
    }

    [Fact]
    public async Task Tls_to_a_plain_port_is_tls()
    {
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync);

        (await ReasonAsync(new Uri($"https://127.0.0.1:{peer.Address.Port}"), Load(_authority.CaFile))).Should().Be("tls");
    }

    [Fact]
    public async Task Plain_text_to_a_tls_port_that_closes_is_unavailable()
    {
        await using var peer = await GrpcTestServer.StartAsync(AnswerAsync, certificate: _authority.Sign("server").Certificate);

        (await ReasonAsync(new Uri($"http://127.0.0.1:{peer.Address.Port}"), null)).Should().Be("unavailable");
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_port_that_accepts_and_says_nothing_is_timeout(string scheme)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(); // the kernel accepts, as it does for a stopped process

        var reason = await ReasonAsync(
            new Uri($"{scheme}://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"),
            Load(_authority.CaFile),
            timeout: TimeSpan.FromMilliseconds(500),
            connectTimeout: TimeSpan.FromMilliseconds(300));

        reason.Should().Be("timeout");
    }

    [Fact]
    public void An_https_address_without_credentials_is_a_defect_of_the_caller()
    {
        var act = () => new GrpcConnection(new Uri("https://127.0.0.1:1"), null, Long, _ => { }, TimeProvider.System);

        act.Should().Throw<ArgumentException>();
    }

    public void Dispose() => _authority.Dispose();

    private static TlsCredentials Load(string? ca, string? cert = null, string? key = null, string? serverName = null)
    {
        var (credentials, objection) = TlsCredentials.Create(new TlsMaterial { Ca = Pem(ca), Certificate = Pem(cert), Key = Pem(key), ServerName = serverName });
        return credentials ?? throw new InvalidOperationException(objection);

        static PemFile? Pem(string? path) => path is null ? null : new PemFile(path, File.ReadAllText(path));
    }

    private static Task AnswerAsync(HttpContext context) => GrpcTestServer.AnswerAsync(context, new StatusResponse());

    private async Task<string?> ReasonAsync(Uri address, TlsCredentials? tls, TimeSpan? timeout = null, TimeSpan? connectTimeout = null)
    {
        using var connection = new GrpcConnection(address, tls, connectTimeout ?? Long, _attempts.Add, TimeProvider.System);
        var result = await connection.UnaryAsync(
            EtcdMethods.Status, new StatusRequest(), timeout ?? Long, GrpcMetadata.None, CancellationToken.None);
        _detail = result.Failure?.Detail;
        return result.IsOk ? null : FailureReasons.Classify(result.Failure).Label();
    }
}
