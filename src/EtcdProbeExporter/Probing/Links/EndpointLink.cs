using System.Net;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing.Links;

/// <summary>
/// One connection to one endpoint with everything that belongs to it: credentials as they were when it was made, the auth token, and how
/// many calls use it. Closed when it is retired and its last call has ended; a call that comes after that fails as on any lost connection.
/// </summary>
internal sealed class EndpointLink : IDisposable
{
    /// <summary>Part of the probe timeout that opening the connection may take: the phase that hangs must be known before the probe ends.</summary>
    private const double ConnectShare = 0.8;

    private readonly GrpcConnection _connection;
    private readonly TlsCredentials? _tls;
    private readonly CancellationTokenSource _retired = new();
    private int _uses = 1; // the owner's own use, given back by Dispose

    /// <summary>Opens no connection yet.</summary>
    public EndpointLink(EndpointAddress address, ClusterContext cluster, Action<ConnectAttempt> onConnectAttempt)
    {
        CredentialsVersion = cluster.Credentials.Version; // before the credentials: if they change in between, the link counts as old
        _tls = address.IsTls ? cluster.Credentials.Tls : null;
        _connection = new GrpcConnection(address.Uri, _tls, cluster.Probe.Timeout * ConnectShare, onConnectAttempt, cluster.Time);
        if (cluster.Lookup is { } lookup)
        {
            _connection.Lookup = lookup;
        }

        var login = cluster.Configuration.Auth is { } auth ? new Login(auth.Username, cluster.Credentials.Password, cluster.Time) : null;
        Client = new EtcdClient(_connection, login, cluster.Time);
        OpenedAt = cluster.Time.GetTimestamp();
        Retired = _retired.Token;
    }

    public EtcdClient Client { get; }

    public long OpenedAt { get; }

    /// <summary>See <see cref="GrpcConnection.SilentSince"/>.</summary>
    public long? SilentSince => _connection.SilentSince;

    /// <summary>Which <see cref="Credentials.ClusterCredentials.Version"/> it was opened with.</summary>
    public int CredentialsVersion { get; }

    /// <summary>End of validity of our own certificate; null when none is used.</summary>
    public DateTimeOffset? ClientCertificateNotAfter => _tls?.ClientCertificateNotAfter;

    /// <summary>Cancelled when the link is replaced: what would run on it without end moves to its successor.</summary>
    public CancellationToken Retired { get; }

    /// <summary>The owner's last word: the link goes when the calls that use it have ended.</summary>
    public void Dispose()
    {
        _retired.Cancel();
        Release();
    }

    /// <summary>The addresses of a name as connections of this link would be opened to, in one line.</summary>
    public async Task<string> LookupAsync(string host, CancellationToken cancellationToken) =>
        IPAddress.TryParse(host, out _) ? "" : string.Join(' ', (await _connection.Lookup(host, cancellationToken)).Select(a => a.ToString()).Order(StringComparer.Ordinal));

    /// <summary>Ends the calls that still wait on it; see <see cref="GrpcConnection.GiveUp"/>.</summary>
    public void GiveUp(string why) => _connection.GiveUp(why);

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
            _retired.Dispose();
        }
    }
}
