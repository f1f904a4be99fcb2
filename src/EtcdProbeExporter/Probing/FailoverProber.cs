using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// Probes the cluster as a well-built client would see it: over all endpoints, each on a connection of its own, starting with another one
/// each time and moving on when that one fails or stays silent. It fails only when nobody serves in time.
/// </summary>
internal sealed partial class FailoverProber : IDisposable
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(1);

    private readonly ClusterContext _cluster;
    private readonly KeyProbe _key;
    private readonly ClusterIdentity _identity;
    private readonly StartLine _start;
    private readonly Func<long, SkipReason?> _writeRefusal;
    private readonly Func<EndpointAddress, bool> _serves;
    private readonly Action<ProbeEvent> _publish;
    private readonly TimeProvider _time;
    private readonly LoopGroup _loops;
    private volatile List<FailoverLink> _links = []; // replaced as a whole, never changed
    private readonly IReadOnlyList<OperationProbe> _operations;

    /// <param name="cluster">Which endpoints, how often, how long.</param>
    /// <param name="keys">The keys of the cluster.</param>
    /// <param name="identity">Which cluster is meant.</param>
    /// <param name="start">Where the slots begin.</param>
    /// <param name="writeRefusal">Why the write slot of this number must not be used.</param>
    /// <param name="serves">Whether an endpoint may be asked at all: learners refuse linearizable calls.</param>
    /// <param name="publish">Gets every event of a slot.</param>
    public FailoverProber(
        ClusterContext cluster,
        ProbeKeys keys,
        ClusterIdentity identity,
        StartLine start,
        Func<long, SkipReason?> writeRefusal,
        Func<EndpointAddress, bool> serves,
        Action<ProbeEvent> publish)
    {
        _cluster = cluster;
        _time = cluster.Time;
        _loops = new LoopGroup(_time);
        _key = new KeyProbe(keys, keys.Cluster, cluster.Probe, cluster.Exporter, _time);
        _identity = identity;
        _start = start;
        _writeRefusal = writeRefusal;
        _serves = serves;
        _publish = publish;
        _operations = [.. OperationsOf(cluster.Probe).Select(Probe)];
        foreach (var endpoint in cluster.Configuration.Endpoints)
        {
            Add(endpoint);
        }
    }

    /// <summary>What is probed of a cluster that is configured so.</summary>
    public static IReadOnlyList<ProbeOperation> OperationsOf(ProbeConfiguration probe) =>
        probe.Write == WriteMode.None ? [ProbeOperation.Get] : [ProbeOperation.Put, ProbeOperation.Get];

    public IReadOnlyList<OperationSnapshot> Snapshot() => [.. _operations.Select(o => o.Snapshot())];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_links.Select(l => l.Link.UseAsync(client => ProveAsync(client, cancellationToken))));
        await _start.WaitAsync(cancellationToken);
        foreach (var operation in _operations)
        {
            _loops.Add(Part(ExporterPart.Probe, "slots"), operation.RunAsync);
        }

        await _loops.RunAsync(cancellationToken);
    }

    /// <summary>A single round; what succeeds is done once more, through another endpoint first, for a latency without our own start-up in it.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_operations.Select(o => o.ProbeNowAsync(0, cancellationToken)));
        foreach (var operation in _operations.Where(o => o.Snapshot().Last is { Succeeded: true }))
        {
            await operation.ProbeNowAsync(1, cancellationToken);
        }
    }

    /// <summary>Asks one more endpoint from now on. Not safe for use by two threads at once, and neither is <see cref="RemoveAsync"/>.</summary>
    public void Add(EndpointAddress endpoint)
    {
        var link = new RotatingLink(endpoint, _cluster, static _ => { });
        var rotation = _loops.Add(Part(ExporterPart.Link, $"connection to {endpoint.Label}"), token => link.RotateAsync(ProveAsync, token));
        _links = [.. _links, new FailoverLink(endpoint, link, rotation, new GuardedPut(_key, _identity, endpoint.Label, _cluster.Probe.Timeout))];
    }

    /// <summary>Asks this endpoint no more.</summary>
    public async Task RemoveAsync(EndpointAddress endpoint)
    {
        var gone = _links.Find(l => l.Address == endpoint);
        if (gone is not null)
        {
            _links = [.. _links.Where(l => l != gone)];
            await gone.Rotation.StopAsync();
            gone.Link.Dispose();
        }
    }

    public void Dispose() => _links.ForEach(l => l.Link.Dispose());

    /// <summary>How long a silent endpoint is waited for before the next is asked as well, so that all are asked within the timeout.</summary>
    internal static TimeSpan Patience(TimeSpan timeout, int endpoints)
    {
        var share = timeout / (endpoints + 1);
        return share < LongestPatience ? share : LongestPatience;
    }

    /// <summary>The failure that tells most: one that etcd itself gave, before silence, before not getting there at all.</summary>
    internal static ProbeOutcome MostTelling(IReadOnlyList<ProbeOutcome> failures) => failures.MinBy(f => f.Failure switch
    {
        FailureReason.Timeout => 1,
        FailureReason.Dns or FailureReason.Connect or FailureReason.Tls or FailureReason.Unavailable => 2,
        _ => 0,
    });

    private OperationProbe Probe(ProbeOperation operation) => new(
        operation,
        _cluster.Probe.Interval,
        SlotSchedule.PhaseOf($"{_cluster.Name} {operation.Label()}"),
        static () => true,
        slot => operation == ProbeOperation.Put ? _writeRefusal(slot.Number) : null,
        (slot, cancellationToken) => CallAsync(operation, slot.Number, cancellationToken),
        _publish,
        LogChange,
        Part(ExporterPart.Probe, operation.Label()),
        _time);

    private SupervisedPart Part(ExporterPart where, string what) => _cluster.Part(where, $"cluster probe, {what}");

    private async Task<ProbeOutcome> CallAsync(ProbeOperation operation, long slot, CancellationToken cancellationToken)
    {
        var serving = _links.Where(l => _serves(l.Address)).ToList();
        if (serving.Count == 0)
        {
            serving = _links;
        }

        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_cluster.Probe.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var ended = await HedgedCall.RunAsync(
                serving.Count,
                (i, token) => AttemptAsync(serving[(int)((slot + i) % serving.Count)], token),
                o => o.Failure is null,
                Patience(_cluster.Probe.Timeout, serving.Count),
                _time,
                linked.Token);
            var told = ended is [{ Failure: null } success] ? success : MostTelling(ended);
            return told with { Span = new CallSpan(began, _time.GetTimestamp()) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeOutcome(FailureReason.Timeout, "no endpoint served within the timeout", null);
        }

        async Task<ProbeOutcome> AttemptAsync(FailoverLink endpoint, CancellationToken token)
        {
            var outcome = await endpoint.Link.UseAsync(client => operation == ProbeOperation.Put
                ? endpoint.Put.PutAsync(client, token)
                : _key.GetLinearizableAsync(client, token));
            return outcome.Failure is null ? outcome : outcome with { Detail = $"{endpoint.Address.Label}: {outcome.Detail}" };
        }
    }

    private async Task<string?> ProveAsync(EtcdClient client, CancellationToken cancellationToken) =>
        ProbeOutcome.WhyNothingServed([await _key.GetLocalAsync(client, cancellationToken)]);

    private void LogChange(ProbeResult result)
    {
        if (result.Failure is { } reason)
        {
            Log.Failing(_cluster.Logger, result.Operation.Label(), _cluster.Name, reason.Label(), result.Detail);
        }
        else
        {
            Log.Succeeding(_cluster.Logger, result.Operation.Label(), _cluster.Name);
        }
    }

    private sealed record FailoverLink(EndpointAddress Address, RotatingLink Link, LoopGroup.Loop Rotation, GuardedPut Put);

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Error, "{Operation} through any endpoint of {Cluster} fails: {Reason} ({Detail})")]
        public static partial void Failing(ILogger logger, string operation, string cluster, string reason, string detail);

        [LoggerMessage(105, LogLevel.Information, "{Operation} through some endpoint of {Cluster} succeeds again")]
        public static partial void Succeeding(ILogger logger, string operation, string cluster);
    }
}
