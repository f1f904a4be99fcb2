using System.Security.Cryptography;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// One connection to one endpoint with everything that belongs to it: credentials as the files were when it was made, the auth token, and
/// how many calls use it. Disposed when it is retired and its last call has ended.
/// </summary>
internal sealed class EndpointLink : IDisposable
{
    /// <summary>Part of the probe timeout that opening the connection may take: the phase that hangs must be known before the probe ends.</summary>
    private const double ConnectShare = 0.8;

    private readonly GrpcConnection _connection;
    private readonly TlsCredentials? _credentials;
    private readonly Login? _login;
    private readonly CancellationTokenSource _retired = new();
    private int _uses = 1; // the owner's own use, given back by Dispose

    private EndpointLink(GrpcConnection connection, TlsCredentials? credentials, Login? login, EtcdClient client)
    {
        _connection = connection;
        _credentials = credentials;
        _login = login;
        Client = client;
    }

    public EtcdClient Client { get; }

    /// <summary>End of validity of our own certificate; null when none is used.</summary>
    public DateTimeOffset? ClientCertificateNotAfter => _credentials?.ClientCertificateNotAfter;

    /// <summary>Reads the certificate files; opens no connection yet. Throws when a file cannot be read or parsed.</summary>
    public static EndpointLink Open(
        EndpointAddress address, ClusterConfiguration cluster, Action<ConnectAttempt> onConnectAttempt, TimeProvider time)
    {
        var tls = cluster.Tls;
        var credentials = address.IsTls
            ? TlsCredentials.Load(tls.CaFile, tls.CertFile, tls.KeyFile, tls.ServerName, tls.InsecureSkipVerify)
            : null;
        var connection = new GrpcConnection(address.Uri, credentials, cluster.Probe.Timeout * ConnectShare, onConnectAttempt, time);
        var login = cluster.Auth is { } auth ? new Login(auth.Username, () => PasswordOf(auth), time) : null;
        return new EndpointLink(connection, credentials, login, new EtcdClient(connection, login, time));
    }

    /// <summary>Why the certificate files of a configuration cannot be used, or null.</summary>
    public static string? CredentialsObjection(TlsConfiguration tls)
    {
        try
        {
            TlsCredentials.Load(tls.CaFile, tls.CertFile, tls.KeyFile, tls.ServerName, tls.InsecureSkipVerify).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            var files = string.Join(", ", new[] { tls.CaFile, tls.CertFile, tls.KeyFile }.OfType<string>());
            return $"certificate files {files} cannot be used: {e.Message}";
        }
    }

    /// <summary>Cancelled when the link is replaced: what would run on it for ever moves to its successor.</summary>
    public CancellationToken Retired => _retired.Token;

    /// <summary>The owner's last word: the link goes when the calls that use it have ended.</summary>
    public void Dispose()
    {
        _retired.Cancel();
        Release();
    }

    /// <summary>Keeps the link alive until <see cref="Release"/>. False: it is retired and already gone.</summary>
    public bool TryUse()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _connection.Dispose();
            _credentials?.Dispose();
            _login?.Dispose();
            _retired.Dispose();
        }
    }

    // A file is read at every login, so that a rotated password takes effect.
    private static string PasswordOf(AuthConfiguration auth) =>
        auth.PasswordFile is { } file ? File.ReadAllText(file).TrimEnd('\r', '\n') : auth.Password ?? "";
}
