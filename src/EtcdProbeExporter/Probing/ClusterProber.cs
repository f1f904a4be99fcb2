using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Probing;

/// <summary>Everything that probes one configured cluster: each endpoint by itself, and the cluster over all of them.</summary>
internal sealed class ClusterProber : IDisposable
{
    private readonly ClusterConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly List<EndpointProber> _endpoints = [];
    private readonly FailoverProber _failover;
    private readonly TaskCompletionSource _defect = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _stopping;

    /// <param name="configuration">The cluster.</param>
    /// <param name="exporter">Number of this process; part of every value written.</param>
    /// <param name="publishOf">Makes the listener of one endpoint, or of the cluster probe (null).</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of changes.</param>
    public ClusterProber(
        ClusterConfiguration configuration,
        uint exporter,
        Func<EndpointAddress?, Action<ProbeEvent>> publishOf,
        TimeProvider time,
        ILogger logger)
    {
        _configuration = configuration;
        _time = time;
        var keys = new ProbeKeys(configuration.Probe.KeyPrefix);
        foreach (var address in configuration.Endpoints)
        {
            _endpoints.Add(new EndpointProber(address, configuration, keys, exporter, publishOf(address), time, logger));
        }

        _failover = new FailoverProber(configuration, keys, exporter, WriteRefusal, Serves, publishOf(null) + ExpectEvents, time, logger);
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _stopping = cancellationToken;
        await Task.WhenAll(
            [.. _endpoints.Select(e => e.RunAsync(cancellationToken)), _failover.RunAsync(cancellationToken), _defect.Task.WaitAsync(cancellationToken)]);
    }

    public ClusterSnapshot Snapshot()
    {
        var now = _time.GetUtcNow();
        IReadOnlyList<EndpointSnapshot> endpoints = [.. _endpoints.Select(e => e.Snapshot())];
        var operations = _failover.Snapshot();
        var puts = endpoints.SelectMany(e => e.Operations).Concat(operations).Where(o => o.Operation == ProbeOperation.Put);
        return new ClusterSnapshot
        {
            Name = _configuration.Name,
            TakenAt = now,
            Endpoints = endpoints,
            Operations = operations,
            Writable = Writable([.. puts], now, _configuration.Probe.Interval + _configuration.Probe.Timeout),
        };
    }

    /// <summary>Asks all members for their status at once, outside the slots. See <see cref="EndpointProber.LookAgainAsync"/>.</summary>
    public Task LookAgainAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.WhenAll(_endpoints.Select(e => e.LookAgainAsync(timeout, cancellationToken)));

    public void Dispose()
    {
        _endpoints.ForEach(e => e.Dispose());
        _failover.Dispose();
    }

    /// <summary>See <see cref="ClusterSnapshot.Writable"/>.</summary>
    internal static bool? Writable(IReadOnlyList<OperationSnapshot> puts, DateTimeOffset now, TimeSpan window)
    {
        if (puts.Any(p => p.LastSuccessAt > now - window))
        {
            return true;
        }

        return puts.Any(p => p.Last is not null) ? false : null;
    }

    /// <summary>Each acknowledged cluster put makes one event due on every endpoint.</summary>
    private void ExpectEvents(ProbeEvent happened)
    {
        if (happened is ProbeEvent.Finished { Result: { Operation: ProbeOperation.Put, Answer: { } answer, Evidence: { Key: not null } evidence } })
        {
            foreach (var endpoint in _endpoints)
            {
                var expected = endpoint.ExpectEventAsync(answer.Revision, evidence.Sent, _stopping);
                _ = expected.ContinueWith(
                    ended => _defect.TrySetException(ended.Exception!.InnerExceptions),
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default);
            }
        }
    }

    // Alarms and the quota are the cluster's, whichever member tells of them.
    private SkipReason? WriteRefusal(long slot) =>
        _endpoints.Select(e => WriteGuard.Refusal(e.Status, slot)).FirstOrDefault(r => r is not null);

    private bool Serves(EndpointAddress address) =>
        _endpoints.Find(e => e.Address == address)?.Status is not { IsLearner: true };
}
