using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// Probes the cluster as a well-built client would see it: over all endpoints, each on a connection of its own, starting with another one
/// each time among those that served last, and moving on when that one fails or stays silent. It fails only when nobody serves in time. The
/// latency is that of the call that was served: how long somebody else stayed silent before is told by that endpoint's own probes.
/// </summary>
internal sealed partial class FailoverProber : IDisposable
{
    private readonly ProbedCluster _probed;
    private readonly ClusterContext _cluster;
    private readonly KeyProbe _key;
    private readonly Func<long, SkipReason?> _writeRefusal;
    private readonly Action<ProbeEvent> _publish;
    private readonly TimeProvider _time;
    private readonly LoopGroup _loops;
    private volatile List<FailoverLink> _links = []; // replaced as a whole, never changed
    private readonly IReadOnlyList<OperationProbe> _operations;

    /// <param name="probed">How often, how long, by which keys.</param>
    /// <param name="writeRefusal">Why the write slot of this number must not be used.</param>
    /// <param name="publish">Gets every event of a slot.</param>
    public FailoverProber(ProbedCluster probed, Func<long, SkipReason?> writeRefusal, Action<ProbeEvent> publish)
    {
        _probed = probed;
        _cluster = probed.Context;
        _time = _cluster.Time;
        _loops = new LoopGroup(_time);
        _key = new KeyProbe(probed.Keys, probed.Keys.Cluster, _cluster.Probe, _cluster.Exporter, _time);
        _writeRefusal = writeRefusal;
        _publish = publish;
        _operations = [.. OperationsOf(_cluster.Probe).Select(Probe)];
    }

    /// <summary>What is probed of a cluster that is configured so.</summary>
    public static IReadOnlyList<ProbeOperation> OperationsOf(ProbeConfiguration probe) =>
        probe.Write == WriteMode.None ? [ProbeOperation.Get] : [ProbeOperation.Put, ProbeOperation.Get];

    public IReadOnlyList<OperationSnapshot> Snapshot() => [.. _operations.Select(o => o.Snapshot())];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_links.Select(l => l.Link.UseAsync(client => ProveAsync(l.Own, client, cancellationToken))));
        await _probed.Start.WaitAsync(cancellationToken);
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
    /// <param name="own">The probes of that endpoint alone: they tell when it serves again, and whether it may be asked at all.</param>
    public void Add(EndpointProber own)
    {
        var link = new RotatingLink(own.Address, _cluster, static _ => { });
        var rotation = _loops.Add(Part(ExporterPart.Link, $"connection to {own.Address.Label}"), token => link.RotateAsync((client, t) => ProveAsync(own, client, t), token));
        _links = [.. _links, new FailoverLink(own, link, rotation, new GuardedPut(_key, _probed.Identity, own.Address.Label, _cluster.Probe.Timeout))];
    }

    /// <summary>Asks this endpoint no more.</summary>
    public async Task RemoveAsync(EndpointAddress endpoint)
    {
        var gone = _links.Find(l => l.Own.Address == endpoint);
        if (gone is not null)
        {
            _links = [.. _links.Where(l => l != gone)];
            await gone.Rotation.StopAsync();
            gone.Link.Dispose();
        }
    }

    public void Dispose() => _links.ForEach(l => l.Link.Dispose());

    /// <summary>The failure that tells most: one that etcd itself gave, before silence, before not getting there at all.</summary>
    internal static ProbeOutcome MostTelling(IReadOnlyList<ProbeOutcome> failures) => failures.MinBy(f => f.Failure switch
    {
        FailureReason.Timeout => 1,
        FailureReason.Dns or FailureReason.Connect or FailureReason.Tls or FailureReason.Unavailable => 2,
        _ => 0,
    });

    private OperationProbe Probe(ProbeOperation operation)
    {
        var order = new ServingOrder<FailoverLink>(l => l.Own.Snapshot(operation).Last, l => l.Own.IsLearner);
        var patience = new Patience(_cluster.Probe.Timeout);
        return new OperationProbe(
            operation,
            _cluster.Probe.Interval,
            SlotSchedule.PhaseOf($"{_cluster.Name} {operation.Label()}"),
            static () => true,
            slot => operation == ProbeOperation.Put ? _writeRefusal(slot.Number) : null,
            (slot, cancellationToken) => CallAsync(operation, order.Of(_links, slot.Number, patience.Now), order, patience, cancellationToken),
            _publish,
            LogChange,
            Part(ExporterPart.Probe, operation.Label()),
            _time);
    }

    private SupervisedPart Part(ExporterPart where, string what) => _cluster.Part(where, $"cluster probe, {what}");

    private async Task<ProbeOutcome> CallAsync(
        ProbeOperation operation, IEnumerable<FailoverLink> inOrder, ServingOrder<FailoverLink> order, Patience patience, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_cluster.Probe.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var call = new HedgedCall<FailoverLink, ProbeOutcome>((link, token) => AskAsync(operation, link, token), o => o.Failure is null, _time);
        try
        {
            if (await call.RunAsync(inOrder, patience.Now, linked.Token) is not ({ } server, { } served))
            {
                return MostTelling(call.Failures) with { Span = new CallSpan(began, _time.GetTimestamp()) };
            }

            order.Served(server);
            if (served.Span is { } span)
            {
                patience.Served(_time.GetElapsedTime(span.Sent, span.Ended));
            }

            return served;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeOutcome(FailureReason.Timeout, "no endpoint served within the timeout", null);
        }
        finally
        {
            call.InVain.ForEach(v => order.LeftBehind(v.Candidate, v.Asked));
        }
    }

    private async Task<ProbeOutcome> AskAsync(ProbeOperation operation, FailoverLink endpoint, CancellationToken cancellationToken)
    {
        var server = endpoint.Own.Server;
        var outcome = await endpoint.Link.UseAsync(client => server.RecogniseAsync(client, operation == ProbeOperation.Put
            ? endpoint.Put.PutAsync(client, cancellationToken)
            : _key.GetLinearizableAsync(client, cancellationToken)));
        return outcome.Failure is null ? server.Kind.SpeaksForAMember() ? outcome : outcome with { Evidence = null }
            : outcome with { Detail = $"{endpoint.Own.Address.Label}: {outcome.Detail}" };
    }

    // Whoever does not speak for a member may not have local reads.
    private async Task<string?> ProveAsync(EndpointProber own, EtcdClient client, CancellationToken cancellationToken) => ProbeOutcome.WhyNothingServed(
    [
        await own.Server.RecogniseAsync(client, own.Server.Kind.SpeaksForAMember()
            ? _key.GetLocalAsync(client, cancellationToken)
            : _key.GetLinearizableAsync(client, cancellationToken)),
    ]);

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

    private sealed record FailoverLink(EndpointProber Own, RotatingLink Link, LoopGroup.Loop Rotation, GuardedPut Put);

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Error, "{Operation} through any endpoint of {Cluster} fails: {Reason} ({Detail})")]
        public static partial void Failing(ILogger logger, string operation, string cluster, string reason, string detail);

        [LoggerMessage(105, LogLevel.Information, "{Operation} through some endpoint of {Cluster} succeeds again")]
        public static partial void Succeeding(ILogger logger, string operation, string cluster);
    }
}
