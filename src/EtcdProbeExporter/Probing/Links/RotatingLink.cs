using System.Net.Sockets;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Probing.Links;

/// <summary>
/// The current connection to one endpoint, replaced from time to time, and soon after the credentials changed, by a fresh one that has
/// proved itself before any probe uses it. So a renewed certificate on either side, or a name that moved, is seen without a restart, no
/// probe pays for the new handshake, and a connection that works is never given up for one that does not. One on which nothing has come for two
/// timeouts while calls were made is replaced as well when a fresh one, to wherever the name leads now, does better: a silent address, unlike one
/// that refuses, makes nobody look the name up again.
/// </summary>
internal sealed partial class RotatingLink : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>After a fresh connection that did not prove itself.</summary>
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly EndpointAddress _address;
    private readonly ClusterContext _cluster;
    private readonly Action<ConnectAttempt> _onConnectAttempt;
    private readonly SilenceBackoff _backoff = new();
    private EndpointLink _current;
    private string? _loggedObjection;

    public RotatingLink(EndpointAddress address, ClusterContext cluster, Action<ConnectAttempt> onConnectAttempt)
    {
        _address = address;
        _cluster = cluster;
        _onConnectAttempt = onConnectAttempt;
        _current = Open();
    }

    /// <summary>End of validity of our own certificate on the current connection; null when none is used.</summary>
    public DateTimeOffset? ClientCertificateNotAfter => Volatile.Read(ref _current).ClientCertificateNotAfter;

    /// <summary>Runs calls on the current connection, which stays open until they end even if it is replaced meanwhile.</summary>
    public Task<T> UseAsync<T>(Func<EtcdClient, Task<T>> calls) => UseAsync((client, _) => calls(client));

    /// <summary>
    /// The same for calls that would never end: the token is cancelled when the connection is replaced. Calls on a link that was disposed
    /// of (its endpoint is no longer probed) fail as on a lost connection; they do not throw.
    /// </summary>
    public async Task<T> UseAsync<T>(Func<EtcdClient, CancellationToken, Task<T>> calls)
    {
        var link = Volatile.Read(ref _current);
        while (!link.TryUse())
        {
            var replaced = link; // retired between reading and using it: its successor is already in place
            link = Volatile.Read(ref _current);
            if (link == replaced)
            {
                return await calls(link.Client, link.Retired);
            }
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

    /// <summary>
    /// Replaces the connection every ten minutes, spread by up to a tenth over the endpoints, and when the credentials have changed. Runs
    /// until cancelled.
    /// </summary>
    /// <param name="prove">Uses the fresh connection as probes would; returns why it must not replace the old one, or null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RotateAsync(Func<EtcdClient, CancellationToken, Task<string?>> prove, CancellationToken cancellationToken)
    {
        var spread = 1 + (SlotSchedule.PhaseOf(_address.Label) * 0.1);
        var look = _cluster.Probe.Interval < LookEvery ? _cluster.Probe.Interval : LookEvery;
        var next = _cluster.Time.Now() + (LookEvery * spread);
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(look * spread, _cluster.Time, cancellationToken);
            await ReplaceSilentAsync(prove, cancellationToken);
            if (_cluster.Time.Now() < next)
            {
                continue;
            }

            var isOld = _cluster.Time.GetElapsedTime(_current.OpenedAt) >= Lifetime * spread;
            var replaced = (!isOld && _current.CredentialsVersion == _cluster.Credentials.Version) || await ReplaceAsync(prove, cancellationToken);
            next = _cluster.Time.Now() + ((replaced ? LookEvery : PauseAfterFailure) * spread);
        }
    }

    public void Dispose() => Volatile.Read(ref _current).Dispose();

    /// <summary>The old connection is probed all the while: a frozen member that thaws is healthy on it at once.</summary>
    private async Task ReplaceSilentAsync(Func<EtcdClient, CancellationToken, Task<string?>> prove, CancellationToken cancellationToken)
    {
        var link = _current;
        if (SilentFor(link) is not { } silence)
        {
            _backoff.Reset();
        }
        else if (silence >= _cluster.Probe.Timeout * 2 && _backoff.MayTry(_cluster.Time.Now(), await AddressesAsync(cancellationToken)))
        {
            if (await ReplaceAsync(prove, cancellationToken))
            {
                link.GiveUp(FormattableString.Invariant($"nothing came on the connection for {silence.TotalSeconds:0.#} s, a fresh one answers"));
            }
        }
    }

    private TimeSpan? SilentFor(EndpointLink link)
    {
        if (link.SilentSince is not { } since)
        {
            return null;
        }

        var now = _cluster.Time.GetTimestamp();
        return _cluster.Time.GetElapsedTime(since, now) - Pauses.Of(_cluster.Time).During(since, now); // what came while we slept is unread
    }

    /// <summary>Where the name leads now; empty when it is an address, or cannot be looked up.</summary>
    private async Task<string> AddressesAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_cluster.Probe.Timeout, _cluster.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _current.LookupAsync(_address.Uri.DnsSafeHost, linked.Token);
        }
        catch (Exception e) when (e is SocketException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "";
        }
    }

    private async Task<bool> ReplaceAsync(Func<EtcdClient, CancellationToken, Task<string?>> prove, CancellationToken cancellationToken)
    {
        var fresh = Open();
        var retired = fresh; // whichever is not needed in the end
        try
        {
            var objection = await prove(fresh.Client, cancellationToken);
            if (objection is null)
            {
                retired = Interlocked.Exchange(ref _current, fresh);
            }
            else if (objection != _loggedObjection)
            {
                Log.NotReplaced(_cluster.Logger, _address.Label, _cluster.Name, objection);
            }

            _loggedObjection = objection;
            return objection is null;
        }
        finally
        {
            retired.Dispose();
        }
    }

    private EndpointLink Open() => new(_address, _cluster, _onConnectAttempt);

    private static partial class Log
    {
        [LoggerMessage(101, LogLevel.Warning, "a fresh connection to {Endpoint} of {Cluster} serves nothing, the old one stays in use: {Why}")]
        public static partial void NotReplaced(ILogger logger, string endpoint, string cluster, string why);
    }
}
