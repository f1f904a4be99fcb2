using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// What a client needs for TLS: whom to trust, who it is, and which name to expect. Immutable, and shared by all connections that were
/// opened with it; renewed files make new credentials.
/// </summary>
internal sealed class TlsCredentials : IDisposable
{
    private readonly X509Certificate2Collection? _roots;
    private readonly X509Certificate2? _clientCertificate;
    private readonly SslStreamCertificateContext? _clientContext;
    private readonly string? _serverName;
    private readonly bool _insecureSkipVerify;

    private TlsCredentials(
        X509Certificate2Collection? roots,
        X509Certificate2? clientCertificate,
        SslStreamCertificateContext? clientContext,
        string? serverName,
        bool insecureSkipVerify)
    {
        _roots = roots;
        _clientCertificate = clientCertificate;
        _clientContext = clientContext;
        _serverName = serverName;
        _insecureSkipVerify = insecureSkipVerify;
    }

    /// <summary>Null when no client certificate is used.</summary>
    public DateTimeOffset? ClientCertificateNotAfter => _clientCertificate?.NotAfter.ToUniversalTime();

    /// <summary>Credentials from PEM texts, or why they cannot be used: a sentence that names the file, and never shows what is in it.</summary>
    public static (TlsCredentials? Credentials, string? Objection) Create(TlsMaterial material)
    {
        var (roots, objection) = material.Ca is { } ca ? PemText.Certificates(ca) : (null, null);
        if (objection is not null)
        {
            return (null, objection);
        }

        if (material.Certificate is not { } certificate || material.Key is not { } key)
        {
            return (new TlsCredentials(roots, null, null, material.ServerName, material.InsecureSkipVerify), null);
        }

        (var chain, objection) = PemText.Certificates(certificate);
        if (objection is not null)
        {
            return (null, objection);
        }

        (var client, objection) = PemText.KeyPair(certificate, key);
        if (objection is not null)
        {
            return (null, objection);
        }

        var context = SslStreamCertificateContext.Create(client!, chain, offline: true);
        return (new TlsCredentials(roots, client, context, material.ServerName, material.InsecureSkipVerify), null);
    }

    /// <summary>Options for one handshake. ALPN offers only h2: etcd's port must answer gRPC or be named as something else.</summary>
    public SslClientAuthenticationOptions ToOptions(string host)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = _serverName ?? host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, // etcd serves nothing older than 1.2
            ClientCertificateContext = _clientContext,
            CertificateChainPolicy = ChainPolicy(),
        };
        if (_insecureSkipVerify)
        {
#pragma warning disable CA5359 // What --insecure-skip-tls-verify asks for, as in etcdctl.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else
        {
            options.RemoteCertificateValidationCallback = ServerIdentity.Accept;
        }

        return options;
    }

    public void Dispose()
    {
        _clientCertificate?.Dispose();
        foreach (var root in _roots ?? [])
        {
            root.Dispose();
        }
    }

    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            // etcd's own clients check no revocation lists, and a probe must not depend on a third server.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (_roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_roots);
        }

        return policy;
    }
}

/// <summary>One PEM file as it was read. Its text may hold a secret: it is never printed.</summary>
internal sealed record PemFile(string Path, string Text)
{
    public override string ToString() => Path;
}

/// <summary>
/// What TLS credentials are made of: files as they were read, and settings. Equal by content, so that what has not changed is not made
/// again. <see cref="Certificate"/> is set exactly when <see cref="Key"/> is.
/// </summary>
internal sealed record TlsMaterial
{
    /// <summary>Null: the system's roots are trusted.</summary>
    public PemFile? Ca { get; init; }

    public PemFile? Certificate { get; init; }

    public PemFile? Key { get; init; }

    /// <summary>The name to expect instead of the endpoint's host.</summary>
    public string? ServerName { get; init; }

    public bool InsecureSkipVerify { get; init; }
}

/// <summary>Judges a server's certificate as Go's clients do. .NET takes the common name where a subject alternative name is missing; Go does not.</summary>
internal static class ServerIdentity
{
    public const string NoAlternativeName = "the certificate has no subject alternative name; Go clients (etcdctl) refuse it as well";

    private const string SubjectAlternativeName = "2.5.29.17";

    public static bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNameMismatch
            && certificate is X509Certificate2 { Extensions: var extensions }
            && !extensions.Any(e => e.Oid?.Value == SubjectAlternativeName))
        {
            throw new AuthenticationException(NoAlternativeName); // crypto/x509 verify.go, since Go 1.15: "relies on legacy Common Name field"
        }

        return errors == SslPolicyErrors.None;
    }
}
