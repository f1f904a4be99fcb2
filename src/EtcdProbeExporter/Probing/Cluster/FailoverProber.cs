using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Links;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Cluster;

/// <summary>
/// Probes the cluster as a well-built client would see it: over all endpoints, each on a connection of its own, starting with another one
/// each time among those that served last, and moving on when that one fails or stays silent. It fails only when nobody serves in time. The
/// latency is that of the call that was served: how long somebody else stayed silent before is reported by that endpoint's own probes.
/// </summary>
internal sealed partial class FailoverProber : IProbeTarget, IDisposable
{
    private readonly ProbedCluster _probed;
    private readonly ClusterContext _cluster;
    private readonly KeyProbe _key;
    private readonly TimeProvider _time;
    private readonly LoopGroup _loops;
    private volatile List<FailoverLink> _links = []; // replaced as a whole, never changed
    private readonly Dictionary<ProbeOperation, Route> _routes;
    private readonly IReadOnlyList<OperationProbe> _operations;

    public FailoverProber(ProbedCluster probed)
    {
        _probed = probed;
        _cluster = probed.Context;
        _time = _cluster.Time;
        _loops = new LoopGroup(_time);
        _key = new KeyProbe(probed.Keys, probed.Keys.Cluster, _cluster.Probe, _cluster.Exporter, _time);
        _routes = OperationsOf(_cluster.Probe).ToDictionary(o => o, o => new Route(
            new ServingOrder<FailoverLink>(l => l.Own.Snapshot(o).Last, l => l.Own.IsLearner), new Patience(_cluster.Probe.Timeout)));
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
    /// <param name="own">The probes of that endpoint alone: they show when it serves again, and whether it may be asked at all.</param>
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

    /// <summary>The failure that says most: one that etcd itself gave, before silence, before not getting there at all.</summary>
    internal static ProbeOutcome MostTelling(IReadOnlyList<ProbeOutcome> failures) => failures.MinBy(f => f.Failure switch
    {
        FailureReason.Timeout => 1,
        FailureReason.Dns or FailureReason.Connect or FailureReason.Tls or FailureReason.Unavailable => 2,
        _ => 0,
    });

    public bool IsDue(ProbeOperation operation) => true;

    public SkipReason? Refusal(ProbeOperation operation, Slot slot) =>
        operation == ProbeOperation.Put ? WriteRefusals(slot.Number).FirstOrDefault(r => r is not null) : null;

    /// <summary>
    /// By endpoint: why the put slot of this number must not be used; null: it may. Alarms and the quota are the cluster's, whichever member
    /// reports them; those of another cluster are not ours.
    /// </summary>
    public IEnumerable<SkipReason?> WriteRefusals(long slot) =>
        _links.Select(l => l.Own.Status).Where(s => _probed.Identity.Means(s?.ClusterId)).Select(s => WriteGuard.Refusal(s, slot));

    public void Report(ProbeEvent happened)
    {
        _probed.Sink.Report(null, happened);
        if (happened is ProbeEvent.Finished { Result: { Operation: ProbeOperation.Put, Answer: { } answer } put } && _cluster.Probe.Write == WriteMode.Put)
        {
            // Each acknowledged cluster put makes one event due on every endpoint.
            foreach (var link in _links)
            {
                _loops.AddOnce(
                    _cluster.Part(ExporterPart.Watch, $"event through {link.Own.Address.Label}"),
                    token => link.Own.ExpectEventAsync(answer.Revision, put.Sent, token));
            }
        }
    }

    public void Changed(ProbeResult result)
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

    private OperationProbe Probe(ProbeOperation operation) => new(
        operation,
        this,
        new SlotPace(_cluster.Probe.Interval, SlotSchedule.PhaseOf($"{_cluster.Name} {operation.Label()}")),
        Part(ExporterPart.Probe, operation.Label()),
        _time);

    private SupervisedPart Part(ExporterPart where, string what) => _cluster.Part(where, $"cluster probe, {what}");

    public async Task<ProbeOutcome> CallAsync(ProbeOperation operation, Slot slot, CancellationToken cancellationToken)
    {
        var (order, patience) = _routes[operation];
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_cluster.Probe.Timeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var call = new HedgedCall<FailoverLink, ProbeOutcome>((link, token) => AskAsync(operation, link, token), o => o.Failure is null, _time);
        try
        {
            if (await call.RunAsync(order.Of(_links, slot.Number, patience.Now), patience.Now, linked.Token) is not ({ } server, { } served))
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

    /// <summary>Whom to ask for one operation, and how long to wait before another one is asked too.</summary>
    private sealed record Route(ServingOrder<FailoverLink> Order, Patience Patience);

    private sealed record FailoverLink(EndpointProber Own, RotatingLink Link, LoopGroup.Loop Rotation, GuardedPut Put);

    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Error, "{Operation} through any endpoint of {Cluster} fails: {Reason} ({Detail})")]
        public static partial void Failing(ILogger logger, string operation, string cluster, string reason, string detail);

        [LoggerMessage(105, LogLevel.Information, "{Operation} through some endpoint of {Cluster} succeeds again")]
        public static partial void Succeeding(ILogger logger, string operation, string cluster);
    }
}
