using System.Collections.Immutable;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Watches one configured cluster: its probes run by themselves, and once a second all that they know is put together and judged. When
/// something is strange, all members are asked once more a quarter of a second later, and in every round until it is over.
/// </summary>
internal sealed partial class ClusterMonitor : IDisposable
{
    private const int LooksOfCheck = 4;
    private const int RememberedViolations = 5;

    private static readonly TimeSpan LongestRound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SecondLookAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SecondLookTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SecondHashAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HashTimeout = TimeSpan.FromMinutes(1); // it scans every key

    private readonly ClusterContext _cluster;
    private readonly Action<RoundOutcome> _publishRound;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClusterProber _prober;
    private readonly SplitBrainJudge _judge;
    private readonly Discovery? _discovery;
    private readonly LeadershipLedger _ledger = new();
    private readonly ConsistencyWitness _witness = new();
    private readonly Lock _lock = new(); // the witness is told by many probes
    private ImmutableList<PastViolation> _violations = [];
    private SplitBrainState _loggedState;
    private AgreedLeader? _loggedLeader;
    private volatile int _leftUndiscovered;

    /// <param name="cluster">The cluster.</param>
    /// <param name="listenerOf">Makes the listener of one endpoint, or of the cluster probe (null).</param>
    /// <param name="publishRound">Gets the outcome of every round.</param>
    public ClusterMonitor(ClusterContext cluster, Func<EndpointAddress?, ProbeListener> listenerOf, Action<RoundOutcome> publishRound)
    {
        _cluster = cluster;
        _publishRound = publishRound;
        _time = cluster.Time;
        _logger = cluster.Logger;
        _judge = new SplitBrainJudge(cluster.Probe.Interval + cluster.Probe.Timeout);
        _prober = new ClusterProber(cluster, Listen);
        _discovery = cluster.Configuration.Discover ? new Discovery(cluster.Configuration) : null;

        ProbeListener Listen(EndpointAddress? address)
        {
            var listener = listenerOf(address);
            return listener with { Publish = listener.Publish + Witness };
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = _cluster.Probe.Interval < LongestRound ? _cluster.Probe.Interval : LongestRound;
        var round = _cluster.Part(ExporterPart.Round, "round");
        var rounds = new SlotLoop(SlotSchedule.Create(_time, interval, 0.5), round, RoundAsync, static _ => { }, _time);
        var loops = new LoopGroup(_time);
        loops.Add(_cluster.Part(ExporterPart.Probe, "probes"), _prober.RunAsync);
        loops.Add(round, rounds.RunAsync);
        if (_cluster.Probe.HashCheckInterval is { Ticks: > 0 } every)
        {
            var hash = _cluster.Part(ExporterPart.Hash, "hash comparison");
            loops.Add(hash, new SlotLoop(SlotSchedule.Create(_time, every, 0), hash, (_, token) => CompareHashesAsync(token), static _ => { }, _time).RunAsync);
        }

        return loops.RunAsync(cancellationToken);
    }

    /// <summary>
    /// A single round of everything instead of <see cref="RunAsync"/>, with as many further looks at something strange as it takes to tell a
    /// stale leader from a moment of election.
    /// </summary>
    public async Task<ClusterReport> CheckAsync(Action<EndpointAddress> ended, CancellationToken cancellationToken)
    {
        await _prober.CheckAsync(ended, cancellationToken);
        var found = await DiscoverAsync(Judge());
        await Task.WhenAll(found.Select(endpoint => _prober.CheckAsync(endpoint, ended, cancellationToken)));
        Judge();
        for (var look = 0; look < LooksOfCheck && _judge.WantsAnotherLook; look++)
        {
            await LookAgainAsync(cancellationToken);
        }

        return Report();
    }

    /// <summary>One round of every operation is done, well or not.</summary>
    public bool RoundDone => _prober.Snapshot().RoundDone;

    public ClusterReport Report()
    {
        var probes = _prober.Snapshot();
        var observations = Observations.Of(probes);
        return new ClusterReport(
            probes,
            [.. probes.Endpoints.Zip(observations, (endpoint, observation) => new MonitoredEndpoint(endpoint, observation.State))],
            ClusterViews.Of(observations),
            _judge.Verdict)
        {
            Violations = _violations,
            CredentialObjections = _cluster.Credentials.Objections,
            LeftUndiscovered = _leftUndiscovered,
        };
    }

    public void Dispose() => _prober.Dispose();

    private async Task RoundAsync(Slot slot, CancellationToken cancellationToken)
    {
        var view = Judge();
        await _cluster.Part(ExporterPart.Discovery, "discovery").RunAsync(_ => DiscoverAsync(view), cancellationToken);
        if (_judge.WantsAnotherLook)
        {
            await LookAgainAsync(cancellationToken);
        }
    }

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(SecondLookAfter, _time, cancellationToken);
        await _prober.LookAgainAsync(SecondLookTimeout, cancellationToken);
        Judge();
    }

    private ClusterView Judge()
    {
        var observations = Observations.Of(_prober.Snapshot());
        var view = ClusterViews.Of(observations);
        var now = _time.Now();
        IReadOnlyList<Violation> violations;
        lock (_lock)
        {
            violations = _witness.Observe(view);
        }

        foreach (var violation in violations)
        {
            Remember(violation);
            if (violation.Kind.BreaksLinearizability())
            {
                _judge.LinearizabilityBroken(now, violation.What);
            }
        }

        LogChanges(_judge.Judge(observations, view, now), view);
        var leadership = _ledger.Observe(view, now);
        _publishRound(new RoundOutcome(leadership, violations));
        foreach (var endpoint in leadership.TermRoseOn)
        {
            _prober.Publish(endpoint, new ProbeEvent.TermRose());
        }

        return view;
    }

    /// <summary>Returns the endpoints that are probed since now.</summary>
    private async Task<IReadOnlyList<EndpointAddress>> DiscoverAsync(ClusterView view)
    {
        if (_discovery?.Follow(view, _prober.Snapshot().Endpoints) is not { } changes)
        {
            return [];
        }

        if (changes.Left > 0 && _leftUndiscovered == 0)
        {
            Log.TooMany(_logger, _cluster.Name, Discovery.MostDiscovered, changes.Left);
        }

        _leftUndiscovered = changes.Left;
        foreach (var address in changes.Gone)
        {
            Log.Gone(_logger, address.Label, _cluster.Name);
            await _prober.RemoveAsync(address);
        }

        foreach (var address in changes.Found)
        {
            Log.Found(_logger, address.Label, _cluster.Name);
            _prober.AddDiscovered(address);
        }

        return changes.Found;
    }

    /// <summary>Two comparisons must both fail, at two revisions: one could meet a compaction or a member that is about to catch up.</summary>
    private async Task CompareHashesAsync(CancellationToken cancellationToken)
    {
        if (await HashMismatchAsync(cancellationToken) is null)
        {
            return;
        }

        await Task.Delay(SecondHashAfter, _time, cancellationToken);
        if (await HashMismatchAsync(cancellationToken) is { } violation)
        {
            Remember(violation);
            _publishRound(new RoundOutcome(LeadershipChanges.None, [violation]));
        }
    }

    private async Task<Violation?> HashMismatchAsync(CancellationToken cancellationToken)
    {
        // A revision that every member has: none may be asked for one of the future.
        if (ClusterViews.Of(Observations.Of(_prober.Snapshot())).MinRevision is not { } revision)
        {
            return null;
        }

        var hashes = await _prober.HashesAsync(revision, HashTimeout, cancellationToken);
        return ConsistencyWitness.Hashes(revision, [.. hashes.Select(h => (h.Endpoint, h.Hash, h.CompactRevision))]);
    }

    private void Remember(Violation violation)
    {
        Log.Violated(_logger, _cluster.Name, violation.Kind.Label(), violation.What);
        ImmutableInterlocked.Update(ref _violations, known => [.. known.TakeLast(RememberedViolations - 1), new PastViolation(_time.GetUtcNow(), violation)]);
    }

    private void Witness(ProbeEvent happened)
    {
        if (happened is not ProbeEvent.Finished { Result: { Evidence: { } evidence, Answer: { } answer } result })
        {
            return;
        }

        lock (_lock)
        {
            if (result.Operation == ProbeOperation.Put)
            {
                _witness.Acknowledged(answer, evidence.Key, evidence.Received);
            }
            else if (evidence.Key is { } key)
            {
                _witness.LinearizableRead(answer, key, evidence.ModRevision, evidence.Sent, evidence.Received);
            }
        }
    }

    private void LogChanges(SplitBrainVerdict verdict, ClusterView view)
    {
        if (verdict.State != _loggedState)
        {
            _loggedState = verdict.State;
            if (verdict.State == SplitBrainState.None)
            {
                Log.SplitBrainOver(_logger, _cluster.Name);
            }
            else
            {
                Log.SplitBrain(_logger, _cluster.Name, verdict.State.Label(), verdict.Evidence);
            }
        }

        if (view.Leader?.MemberId != _loggedLeader?.MemberId && view.Members.Count > 0)
        {
            _loggedLeader = view.Leader;
            if (view.Leader is { } leader)
            {
                Log.Leads(_logger, leader.MemberName, EtcdId.Format(leader.MemberId), _cluster.Name, view.MaxTerm ?? 0);
            }
            else
            {
                Log.NobodyLeads(_logger, _cluster.Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(111, LogLevel.Information, "the member list of {Cluster} names {Endpoint}, it is probed from now on")]
        public static partial void Found(ILogger logger, string endpoint, string cluster);

        [LoggerMessage(112, LogLevel.Information, "the member list of {Cluster} no longer names {Endpoint}, it is probed no more")]
        public static partial void Gone(ILogger logger, string endpoint, string cluster);

        [LoggerMessage(113, LogLevel.Warning, "the member list of {Cluster} is too long: {Most} discovered members are probed, {Left} are not")]
        public static partial void TooMany(ILogger logger, string cluster, int most, int left);

        [LoggerMessage(106, LogLevel.Warning, "split-brain verdict on {Cluster} is now {State}: {Evidence}")]
        public static partial void SplitBrain(ILogger logger, string cluster, string state, string evidence);

        [LoggerMessage(107, LogLevel.Information, "split-brain verdict on {Cluster} is none again")]
        public static partial void SplitBrainOver(ILogger logger, string cluster);

        [LoggerMessage(108, LogLevel.Information, "{Leader} ({MemberId}) leads {Cluster} at term {Term}")]
        public static partial void Leads(ILogger logger, string leader, string memberId, string cluster, ulong term);

        [LoggerMessage(109, LogLevel.Warning, "no quorum of {Cluster} names a leader")]
        public static partial void NobodyLeads(ILogger logger, string cluster);

        [LoggerMessage(110, LogLevel.Error, "{Cluster} broke a promise of consistency, {Kind}: {What}")]
        public static partial void Violated(ILogger logger, string cluster, string kind, string what);
    }
}
