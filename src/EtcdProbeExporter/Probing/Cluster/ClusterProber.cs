using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Cluster;

/// <summary>
/// Everything that probes one configured cluster: each endpoint by itself, and the cluster over all of them. Endpoints may be added and
/// removed while it runs, by one thread at a time.
/// </summary>
internal sealed class ClusterProber : IDisposable
{
    private static readonly TimeSpan CredentialsEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromMilliseconds(500);

    private readonly ClusterContext _cluster;
    private readonly TimeProvider _time;
    private readonly ProbedCluster _probed;
    private readonly FailoverProber _failover;
    private readonly LoopGroup _loops;
    private volatile List<ProbedEndpoint> _endpoints = []; // replaced as a whole, never changed

    /// <param name="cluster">The cluster.</param>
    /// <param name="sink">Gets all that happens.</param>
    public ClusterProber(ClusterContext cluster, IProbeSink sink)
    {
        _cluster = cluster;
        _time = cluster.Time;
        var start = new StartLine(cluster.Configuration.Endpoints.Count, _time);
        _probed = new ProbedCluster(cluster, sink, new ProbeKeys(cluster.Probe.KeyPrefix), new ClusterIdentity(), start);
        _loops = new LoopGroup(_time);
        _failover = new FailoverProber(_probed);
        foreach (var address in cluster.Configuration.Endpoints)
        {
            Start(address, EndpointSource.Configured);
        }

        _loops.Add(cluster.Part(ExporterPart.Probe, "cluster probe"), _failover.RunAsync);
        _loops.Add(cluster.Part(ExporterPart.Link, "credentials"), RefreshCredentialsAsync);
    }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _loops.RunAsync(cancellationToken);

    /// <summary>
    /// One round of everything, now, instead of <see cref="RunAsync"/>. <paramref name="ended"/> gets each endpoint that is done.
    /// </summary>
    public async Task CheckAsync(Action<EndpointAddress> ended, CancellationToken cancellationToken)
    {
        var endpoints = _endpoints;
        var statuses = endpoints.ToDictionary(e => e, e => e.Prober.CheckStatusAsync(cancellationToken));
        await WaitABitAsync(Task.WhenAll(statuses.Values), cancellationToken);
        await Task.WhenAll([
            .. endpoints.Select(e => CheckAsync(e, statuses[e], ended, cancellationToken)), _failover.CheckAsync(cancellationToken)]);

        // The round ran into an election, and the endpoints have been asked again since: so must be the cluster.
        if (_failover.Snapshot().Any(o => o.Last is { Succeeded: false }) && Snapshot().Writable == true)
        {
            await _failover.CheckAsync(cancellationToken);
        }
    }

    /// <summary>The same for one endpoint that was found by the first round.</summary>
    public async Task CheckAsync(EndpointAddress address, Action<EndpointAddress> ended, CancellationToken cancellationToken)
    {
        if (_endpoints.Find(e => e.Prober.Address == address) is { } endpoint)
        {
            var status = endpoint.Prober.CheckStatusAsync(cancellationToken);
            await WaitABitAsync(status, cancellationToken);
            await CheckAsync(endpoint, status, ended, cancellationToken);
        }
    }

    /// <summary>Probes one more endpoint, by itself and as part of the cluster.</summary>
    public void AddDiscovered(EndpointAddress address) => Start(address, EndpointSource.Discovered);

    /// <summary>Ends the probes of an endpoint, and its series with them.</summary>
    public async Task RemoveAsync(EndpointAddress address)
    {
        if (_endpoints.Find(e => e.Prober.Address == address) is { } gone)
        {
            _endpoints = [.. _endpoints.Where(e => e != gone)];
            await gone.Loop.StopAsync();
            await _failover.RemoveAsync(address);
            _probed.Identity.Remove(address.Label);
            _probed.Sink.Closed(address);
            gone.Prober.Dispose();
        }
    }

    public ClusterSnapshot Snapshot()
    {
        IReadOnlyList<EndpointSnapshot> endpoints = [.. _endpoints.Select(e => e.Prober.Snapshot())];
        var operations = _failover.Snapshot();
        var puts = endpoints.SelectMany(e => e.Operations).Concat(operations).Where(o => o.Operation == ProbeOperation.Put);
        return new ClusterSnapshot
        {
            Name = _cluster.Name,
            TakenAt = _time.GetUtcNow(),
            Endpoints = endpoints,
            Operations = operations,
            ClusterId = endpoints.Any(e => e.Kind.SpeaksForAMember()) ? _probed.Identity.Id : null,
            Writable = Writable([.. puts], Pauses.Of(_time).AwakeNow() - _cluster.Probe.Interval - _cluster.Probe.Timeout, [.. _failover.WriteRefusals(slot: 1)]),
        };
    }

    /// <summary>Asks all members for their status at once, outside the slots. See <see cref="EndpointProber.LookAgainAsync"/>.</summary>
    public Task LookAgainAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.WhenAll(_endpoints.Select(e => e.Prober.LookAgainAsync(timeout, cancellationToken)));

    /// <summary>Asks one member after the other: each scans all its keys, and holds up its own commits while it does.</summary>
    public async Task<IReadOnlyList<MemberHash>> HashesAsync(long revision, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var hashes = new List<MemberHash>();
        foreach (var endpoint in _endpoints)
        {
            if (await endpoint.Prober.HashAsync(revision, timeout, cancellationToken) is { } hash && hashes.TrueForAll(h => h.MemberId != hash.MemberId))
            {
                hashes.Add(hash);
            }
        }

        return hashes;
    }

    public void Dispose()
    {
        _endpoints.ForEach(e => e.Prober.Dispose());
        _failover.Dispose();
    }

    /// <summary>See <see cref="ClusterSnapshot.Writable"/>.</summary>
    /// <param name="puts">The put probes, of endpoints and of the cluster.</param>
    /// <param name="since">A success that is older does not count; on the clock of <see cref="Pauses.AwakeNow"/>.</param>
    /// <param name="refusals">Why puts are not made on each endpoint; null: they are.</param>
    internal static bool? Writable(IReadOnlyList<OperationSnapshot> puts, TimeSpan since, IReadOnlyList<SkipReason?> refusals)
    {
        if (puts.Any(p => p.LastSuccess > since))
        {
            return true;
        }

        // Under an alarm every member refuses every write, whether we have tried since or not. While the quota guard holds puts back, those that
        // fail all the same are those of members that are down. A success that is old although nothing has failed since: nobody was asked.
        return refusals.Contains(SkipReason.Alarm) && puts.Any(p => p.Last is not null) ? false
            : !refusals.Contains(SkipReason.QuotaGuard) && puts.Any(p => p.Last is { Succeeded: false }) ? false
            : null;
    }

    // What a member says of itself decides whether it may be asked for more; one that hangs must not hold up the rest for a whole timeout.
    private Task<Task> WaitABitAsync(Task statuses, CancellationToken cancellationToken) =>
        Task.WhenAny(statuses, Task.Delay(StatusPatience, _time, cancellationToken));

    private static async Task CheckAsync(
        ProbedEndpoint endpoint, Task status, Action<EndpointAddress> ended, CancellationToken cancellationToken)
    {
        await endpoint.Prober.CheckDataAsync(status, cancellationToken);
        ended(endpoint.Prober.Address);
    }

    private void Start(EndpointAddress address, EndpointSource source)
    {
        _probed.Sink.Opened(address);
        _probed.Identity.Add(address.Label);
        var prober = new EndpointProber(address, source, _probed);
        var loop = _loops.Add(_cluster.Part(ExporterPart.Probe, address.Label), prober.RunAsync);
        _endpoints = [.. _endpoints, new ProbedEndpoint(prober, loop)];
        _failover.Add(prober);
    }

    /// <summary>Looks for renewed files more often than a human waits for one; connections follow by <c>RotatingLink</c>.</summary>
    private async Task RefreshCredentialsAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(CredentialsEvery, _time, cancellationToken);
            _cluster.Credentials.Refresh();
        }
    }

    private sealed record ProbedEndpoint(EndpointProber Prober, LoopGroup.Loop Loop);
}
