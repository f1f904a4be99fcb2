using System.Security.Cryptography;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// The current connection to one endpoint, replaced from time to time by a fresh one that was warmed up before any probe uses it. So a
/// renewed certificate on either side, or a name that moved, is seen without a restart, and no probe pays for the new handshake.
/// </summary>
internal sealed partial class RotatingLink : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly EndpointAddress _address;
    private readonly ClusterConfiguration _cluster;
    private readonly Action<ConnectAttempt> _onConnectAttempt;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private EndpointLink _current;

    /// <summary>Throws when a certificate file cannot be read: the configuration was validated, so that is news at start.</summary>
    public RotatingLink(
        EndpointAddress address,
        ClusterConfiguration cluster,
        Action<ConnectAttempt> onConnectAttempt,
        TimeProvider time,
        ILogger logger)
    {
        _address = address;
        _cluster = cluster;
        _onConnectAttempt = onConnectAttempt;
        _time = time;
        _logger = logger;
        _current = Open();
    }

    /// <summary>End of validity of our own certificate on the current connection; null when none is used.</summary>
    public DateTimeOffset? ClientCertificateNotAfter => Volatile.Read(ref _current).ClientCertificateNotAfter;

    /// <summary>Runs calls on the current connection, which stays open until they end even if it is replaced meanwhile.</summary>
    public Task<T> UseAsync<T>(Func<EtcdClient, Task<T>> calls) => UseAsync((client, _) => calls(client));

    /// <summary>The same for calls that would never end: the token is cancelled when the connection is replaced.</summary>
    public async Task<T> UseAsync<T>(Func<EtcdClient, CancellationToken, Task<T>> calls)
    {
        var link = Volatile.Read(ref _current);
        while (!link.TryUse())
        {
            var replaced = link; // retired between reading and using it: its successor is already in place
            link = Volatile.Read(ref _current);
            ObjectDisposedException.ThrowIf(link == replaced, this);
        }

        try
        {
            return await calls(link.Client, link.Retired);
        }
        finally
        {
            link.Release();
        }
    }

    /// <summary>Replaces the connection every ten minutes, spread by up to a tenth over the endpoints. Runs until cancelled.</summary>
    public async Task RotateAsync(Func<EtcdClient, CancellationToken, Task> warmUp, CancellationToken cancellationToken)
    {
        var spread = SlotSchedule.PhaseOf(_address.Label) * 0.1;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Lifetime * (1 + spread), _time, cancellationToken);
            EndpointLink fresh;
            try
            {
                fresh = Open();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
            {
                Log.CredentialsNotReloaded(_logger, _address.Label, _cluster.Name, e.Message);
                continue; // the connection at hand still works; a half-written file is whole the next time
            }

            await warmUp(fresh.Client, cancellationToken);
            Interlocked.Exchange(ref _current, fresh).Dispose();
        }
    }

    public void Dispose() => _current.Dispose();

    private EndpointLink Open() => EndpointLink.Open(_address, _cluster, _onConnectAttempt, _time);

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Warning, "certificate files cannot be read, the connection to {Endpoint} of {Cluster} keeps the old ones: {Error}")]
        public static partial void CredentialsNotReloaded(ILogger logger, string endpoint, string cluster, string error);
    }
}
