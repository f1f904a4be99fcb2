using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Cluster;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Watches one configured cluster: its probes run by themselves, and once a second all that they know is put together and judged. When
/// something is strange, all members are asked once more a quarter of a second later, and in every round until it is over.
/// </summary>
internal sealed class ClusterMonitor : IDisposable
{
    private const int LooksOfCheck = 4;

    private static readonly TimeSpan SecondLookAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SecondLookTimeout = TimeSpan.FromMilliseconds(500);

    private readonly ClusterContext _cluster;
    private readonly IMonitorSink _sink;
    private readonly TimeProvider _time;
    private readonly RoundTiming _timing;
    private readonly ClusterProber _prober;
    private readonly RoundJudge _judge;
    private readonly RoundLog _log;
    private readonly StorageWitness _witness;
    private readonly HashComparison _hashes;
    private readonly LoopGroup _loops;
    private readonly Discovery? _discovery;
    private readonly DiscoveryLog _discoveryLog;
    private readonly OwnPause _pause;
    private volatile ClusterReport _report;

    /// <param name="cluster">The cluster.</param>
    /// <param name="sink">Gets all that happens in probes, and the outcome of every round.</param>
    public ClusterMonitor(ClusterContext cluster, IMonitorSink sink)
    {
        _cluster = cluster;
        _sink = sink;
        _time = cluster.Time;
        _timing = new RoundTiming(cluster.Probe);
        _pause = new OwnPause(_time);
        _judge = new RoundJudge(_timing.ClaimMemory, _timing.Patience);
        _log = new RoundLog(cluster.Name, cluster.Logger);
        _prober = new ClusterProber(cluster, new WitnessedProbes(sink, _judge));
        _witness = new StorageWitness(cluster);
        _hashes = new HashComparison(_prober, _time);
        _loops = new LoopGroup(_time);
        _discovery = cluster.Configuration.Discover ? new Discovery(cluster.Configuration) : null;
        _discoveryLog = new DiscoveryLog(cluster.Name, cluster.Logger);
        _report = _judge.Judge(_prober.Snapshot(), _time.Now()).Report; // so that there is one from the first moment
    }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var round = _cluster.Part(ExporterPart.Round, "round");
        var rounds = new SlotLoop(SlotSchedule.Create(_time, _timing.Every, 0.5), round, RoundAsync, static (_, _) => { }, _time);
        _loops.Add(_cluster.Part(ExporterPart.Probe, "probes"), _prober.RunAsync);
        _loops.Add(round, rounds.RunAsync);
        if (_cluster.Probe.HashCheckInterval is { Ticks: > 0 } every)
        {
            var hash = _cluster.Part(ExporterPart.Hash, "hash comparison");
            _loops.Add(hash, new SlotLoop(SlotSchedule.Create(_time, every, 0), hash, (_, token) => CompareHashesAsync(token), static (_, _) => { }, _time).RunAsync);
        }

        return _loops.RunAsync(cancellationToken);
    }

    /// <summary>
    /// A single round of everything instead of <see cref="RunAsync"/>, with as many further looks at something strange as it takes to tell a
    /// stale leader from a moment of election.
    /// </summary>
    public async Task<ClusterReport> CheckAsync(Action<EndpointAddress> ended, CancellationToken cancellationToken)
    {
        // What a hang takes a timeout to show began before: members' indexes must have been seen then to show where.
        var probing = _prober.CheckAsync(ended, cancellationToken);
        while (await Task.WhenAny(probing, Task.Delay(SecondLookAfter, _time, cancellationToken)) != probing)
        {
            Judge();
        }

        await probing;
        var found = await DiscoverAsync(Judge());
        await Task.WhenAll(found.Select(endpoint => _prober.CheckAsync(endpoint, ended, cancellationToken)));
        Judge();
        for (var look = 0; look < LooksOfCheck && _judge.WantsAnotherLook; look++)
        {
            await LookAgainAsync(cancellationToken);
        }

        var due = Due();
        if (due.Count > 0)
        {
            await Task.WhenAll(due.Select(e => PartOf(e).RunAsync(token => _witness.AskAsync(e.Address, token), cancellationToken)));
            Judge();
        }

        return Report();
    }

    /// <summary>One round of every operation is done, well or not.</summary>
    public bool RoundDone => _report.Probes.RoundDone;

    /// <summary>The record of the newest round.</summary>
    public ClusterReport Report() => _report;

    public void Dispose() => _prober.Dispose();

    private async Task RoundAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (_pause.WaitsForTheNext())
        {
            return;
        }

        var report = Judge();
        foreach (var endpoint in Due())
        {
            _loops.AddOnce(PartOf(endpoint), token => _witness.AskAsync(endpoint.Address, token));
        }

        await _cluster.Part(ExporterPart.Discovery, "discovery").RunAsync(_ => DiscoverAsync(report), cancellationToken);
        if (_judge.WantsAnotherLook)
        {
            await LookAgainAsync(cancellationToken);
        }
    }

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(SecondLookAfter, _time, cancellationToken);
        await _prober.LookAgainAsync(SecondLookTimeout, cancellationToken);
        if (!_pause.WaitsForTheNext())
        {
            Judge();
        }
    }

    private IReadOnlyList<EndpointSnapshot> Due() => _witness.Due(_report.Probes.Endpoints, _judge.WantWitness);

    private SupervisedPart PartOf(EndpointSnapshot endpoint) => _cluster.Part(ExporterPart.Witness, $"metrics of the member at {endpoint.Address.Label}");

    private ClusterReport Judge()
    {
        var (report, outcome) = _judge.Judge(_witness.AddTo(_prober.Snapshot()), _time.Now());
        report = report with { LeftUndiscovered = _discovery?.Left ?? 0, CredentialObjections = _cluster.Credentials.Objections };
        _report = report;
        _log.Report(report, outcome);
        _sink.Report(outcome);
        foreach (var endpoint in report.Probes.Endpoints.Where(e => outcome.Leadership.TermRoseOn.Contains(e.Address.Label)))
        {
            _sink.Report(endpoint.Address, new ProbeEvent.TermRose());
        }

        return report;
    }

    /// <summary>Returns the endpoints that are probed since now.</summary>
    private async Task<IReadOnlyList<EndpointAddress>> DiscoverAsync(ClusterReport report)
    {
        if (_discovery?.Follow(report.View, report.Probes.Endpoints) is not { } changes)
        {
            return [];
        }

        _discoveryLog.Report(changes);
        foreach (var address in changes.Gone)
        {
            await _prober.RemoveAsync(address);
        }

        foreach (var address in changes.Found)
        {
            _prober.AddDiscovered(address);
        }

        return changes.Found;
    }

    private async Task CompareHashesAsync(CancellationToken cancellationToken)
    {
        if (await _hashes.CompareAsync(() => _report.View.MinRevision, cancellationToken) is { } violation)
        {
            _judge.Remember([violation], _time.GetUtcNow());
            _log.Violated(violation);
            _sink.Report(new RoundOutcome(LeadershipChanges.None, [violation]));
        }
    }
}
