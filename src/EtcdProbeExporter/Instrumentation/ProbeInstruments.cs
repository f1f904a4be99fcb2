using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing.Cluster;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// The counters and histograms of one target, an endpoint or a cluster, fed from its <see cref="ProbeEvent"/>s. All of them exist, at 0,
/// from the moment this is made, and vanish with their owner.
/// </summary>
internal sealed class ProbeInstruments
{
    private static readonly string[] Phases = ["dns", "connect", "tls"];

    private readonly Dictionary<ProbeOperation, Operation> _operations;
    private readonly Histogram _lag;
    private readonly Histogram[] _connect;
    private readonly WatchInstruments? _watch;
    private readonly PresentSeries<Counter>? _termChanges;

    private ProbeInstruments(Dictionary<ProbeOperation, Operation> operations, Histogram lag, Histogram[] connect, WatchInstruments? watch, PresentSeries<Counter>? termChanges)
    {
        _operations = operations;
        _lag = lag;
        _connect = connect;
        _watch = watch;
        _termChanges = termChanges;
    }

    public static ProbeInstruments ForEndpoint(ProductMetrics metrics, SeriesOwner owner, ClusterConfiguration cluster, EndpointAddress address)
    {
        var families = metrics.Endpoint;
        string[] target = [cluster.Name, address.Label];
        var termChanges = new PresentSeries<Counter>(owner, own => metrics.Member.TermChanges.With(own, target));
        termChanges.Keep(true);
        return new ProbeInstruments(
            EndpointCalls.OperationsOf(cluster.Probe).ToDictionary(o => o, o => new Operation(
                families.Attempts, families.Failures, families.Skipped, families.Duration, owner, target, o)),
            metrics.SchedulerLag,
            [.. Phases.Select(phase => families.ConnectDuration.With(owner, [.. target, phase]))],
            EndpointProber.Watches(cluster.Probe) ? new WatchInstruments(families, owner, target) : null,
            termChanges);
    }

    public static ProbeInstruments ForCluster(ClusterFamilies families, Histogram lag, SeriesOwner owner, ClusterConfiguration cluster)
    {
        string[] target = [cluster.Name];
        return new ProbeInstruments(
            FailoverProber.OperationsOf(cluster.Probe).ToDictionary(o => o, o => new Operation(
                families.Attempts, families.Failures, families.Skipped, families.Duration, owner, target, o)),
            lag,
            [],
            null,
            null);
    }

    public void Record(ProbeEvent happened)
    {
        switch (happened)
        {
            case ProbeEvent.Started started:
                _lag.Observe(started.Lag.TotalSeconds);
                break;
            case ProbeEvent.Skipped { Operation: ProbeOperation.Watch }:
                _watch!.Paused.Increment();
                break;
            case ProbeEvent.Skipped skipped:
                _operations[skipped.Operation].Skipped[(int)skipped.Reason].Increment();
                break;
            case ProbeEvent.TermRose:
                _termChanges!.Keep(true)?.Increment();
                break;
            case ProbeEvent.Recognised recognised:
                _termChanges!.Keep(((EndpointKind?)recognised.Kind).SpeaksForAMember());
                break;
            case ProbeEvent.Finished { Result: { Operation: ProbeOperation.Watch } delivered }:
                _watch!.Record(delivered);
                break;
            case ProbeEvent.Finished { Result: { Failure: { } reason } failed }:
                _operations[failed.Operation].Attempts.Increment();
                _operations[failed.Operation].Failures[(int)reason].Increment();
                break;
            case ProbeEvent.Finished { Result: var succeeded }:
                _operations[succeeded.Operation].Attempts.Increment();
                _operations[succeeded.Operation].Duration.Observe(succeeded.Duration.TotalSeconds);
                break;
            case ProbeEvent.Connected { Attempt: var attempt }:
                Record(attempt);
                break;
        }
    }

    private void Record(ConnectAttempt attempt)
    {
        TimeSpan?[] durations = [attempt.Dns, attempt.Connect, attempt.Tls];
        for (var i = 0; i < _connect.Length; i++)
        {
            if (durations[i] is { } duration)
            {
                _connect[i].Observe(duration.TotalSeconds);
            }
        }
    }

    /// <summary>The instruments of one operation; failures and skips are indexed by their enum.</summary>
    private sealed class Operation(
        CounterFamily attempts,
        CounterFamily failures,
        CounterFamily skipped,
        HistogramFamily duration,
        SeriesOwner owner,
        string[] target,
        ProbeOperation operation)
    {
        public Counter Attempts { get; } = attempts.With(owner, [.. target, operation.Label()]);

        public Counter[] Failures { get; } =
            [.. FailureReasons.All.Select(r => failures.With(owner, [.. target, operation.Label(), r.Label()]))];

        public Counter[] Skipped { get; } =
            [.. SkipReasons.All.Select(r => skipped.With(owner, [.. target, operation.Label(), r.Label()]))];

        public Histogram Duration { get; } = duration.With(owner, [.. target, operation.Label()]);
    }
}
