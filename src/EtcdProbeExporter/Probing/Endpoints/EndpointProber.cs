using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Links;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Probing.Endpoints;

/// <summary>
/// Probes one endpoint on its own connection: one slot loop per operation, so that no operation waits for another, and nothing here is
/// shared with another endpoint.
/// </summary>
internal sealed partial class EndpointProber : IProbeTarget, IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly WatchProbe? _watch;
    private readonly ProbedCluster _probed;
    private readonly ClusterContext _cluster;
    private readonly EndpointCalls _calls;
    private readonly TimeProvider _time;
    private readonly RotatingLink _link;
    private readonly IReadOnlyList<OperationProbe> _operations;
    private readonly double _phase;
    private readonly KnownMember _member;
    private readonly LifeSign _life;
    private ConnectAttempt? _lastConnect;

    public EndpointProber(EndpointAddress address, EndpointSource source, ProbedCluster probed)
    {
        var cluster = probed.Context;
        Address = address;
        Source = source;
        _probed = probed;
        Server = new ServerRecognition(OnRecognised);
        _member = new KnownMember(address.Label, probed.Identity, Server);
        _cluster = cluster;
        _time = cluster.Time;
        _link = new RotatingLink(address, cluster, OnConnectAttempt);
        _life = new LifeSign(_link, _member, cluster.Probe.Timeout, _time);
        _calls = new EndpointCalls(probed, _member, _life);
        _phase = SlotSchedule.PhaseOf(cluster.Name + "/" + address.Label);
        _operations = [.. EndpointCalls.OperationsOf(cluster.Probe).Select(Probe)];
        var pause = cluster.Probe.Interval < LongestPause ? cluster.Probe.Interval : LongestPause;
        _watch = Watches(cluster.Probe)
            ? new WatchProbe(probed.Keys.Cluster, new WatchPace(cluster.Probe.Timeout, pause), this, Part(ExporterPart.Watch, "watch"), _time)
            : null;
    }

    public EndpointAddress Address { get; }

    public EndpointSource Source { get; }

    /// <summary>What is behind it, as far as answers have shown, on connections of this prober and of others to the same endpoint.</summary>
    public ServerRecognition Server { get; }

    /// <summary>As whoever answers here reports it, be it one member or, through a proxy, any.</summary>
    public MemberStatus? Status => _member.Sample?.Status;

    public bool IsLearner => Server.Kind.SpeaksForAMember() && Status is { IsLearner: true };

    /// <summary>Whether there is a watch: only a put that is carried out makes an event.</summary>
    public static bool Watches(ProbeConfiguration probe) => probe is { Watch: true, Write: WriteMode.Put };

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The first call of a process compiles code for some 50 ms and opens the connection: that is our latency, not etcd's.
        await _link.UseAsync(client => _calls.ReadAsync(client, cancellationToken));
        _probed.Start.Arrive();
        await _probed.Start.WaitAsync(cancellationToken);
        await _link.UseAsync(async client =>
        {
            await _calls.FirstPutAsync(client, cancellationToken);
            return true;
        });

        var loops = new LoopGroup(_time);
        foreach (var operation in _operations)
        {
            loops.Add(Part(ExporterPart.Probe, "slots"), operation.RunAsync);
        }

        var members = new SlotLoop(
            SlotSchedule.Create(_time, _cluster.Probe.Interval, (_phase + 0.9) % 1),
            Part(ExporterPart.Probe, "member list"),
            (_, token) => _life.AskAsync(token),
            static (_, _) => { },
            _time);
        loops.Add(Part(ExporterPart.Probe, "member list"), members.RunAsync);
        loops.Add(Part(ExporterPart.Link, "connection"), token => _link.RotateAsync(_calls.ProveAsync, token));
        loops.Add(Part(ExporterPart.Watch, "watch"), WatchAsync);
        await loops.RunAsync(cancellationToken);
    }

    /// <summary>First half of a single round: the status, which decides what else may be asked of this member.</summary>
    public Task CheckStatusAsync(CancellationToken cancellationToken) => _operations[^1].ProbeNowAsync(0, cancellationToken);

    /// <summary>
    /// Second half: everything else at once, so that a hung member costs one timeout; then once more what succeeded, because the first call
    /// of each kind paid for the connection and for compiling our code. An election that the round ran into is waited out: then everything
    /// is done once more, to show how the cluster is and not how it was.
    /// </summary>
    /// <param name="status">The first half, which may still be under way.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CheckDataAsync(Task status, CancellationToken cancellationToken)
    {
        Task members = _life.AskAsync(cancellationToken);
        await Task.WhenAll(_operations.SkipLast(1).Select(o => o.ProbeNowAsync(0, cancellationToken)).Append(members).Append(status));
        var failures = _operations.Select(o => o.Snapshot().Last?.Failure).ToList();
        if (failures.Any(f => f is FailureReason.NoLeader or FailureReason.LeaderChanged))
        {
            await Task.WhenAll(_operations.Select(o => o.ProbeNowAsync(0, cancellationToken)));
            return;
        }

        foreach (var operation in _operations.Where(o => o.Snapshot().Last is { Succeeded: true }))
        {
            await operation.ProbeNowAsync(0, cancellationToken);
        }
    }

    /// <summary>A cluster put was acknowledged: its event is due here. Returns when it came, or is late.</summary>
    public Task ExpectEventAsync(long revision, TimeSpan sent, CancellationToken cancellationToken) =>
        _watch?.ExpectAsync(revision, sent, cancellationToken) ?? Task.CompletedTask;

    public OperationSnapshot Snapshot(ProbeOperation operation) => _operations.First(o => o.Operation == operation).Snapshot();

    public EndpointSnapshot Snapshot()
    {
        var members = _member.List;
        var kind = Server.Kind;
        var speaks = kind is EndpointKind.Member or EndpointKind.Gateway; // until that is known, nothing is passed on
        var probed = _operations.Where(o => !(kind == EndpointKind.Compatible && o.Operation == ProbeOperation.GetLocal)); // which kine does not have
        return new EndpointSnapshot
        {
            Address = Address,
            Source = Source,
            Kind = kind,
            Operations = [.. probed.Select(o => o.Snapshot()), .. _watch is null ? Array.Empty<OperationSnapshot>() : [_watch.Snapshot()]],
            Sample = speaks ? _member.Sample : null,
            LastMemberId = speaks ? _member.LastId : null,
            Members = speaks || members.List is null ? members.List : [], // it answers, and what it says is not of etcd's members
            MembersAnsweredAt = members.AnsweredAt,
            MembersSilentSince = members.SilentSince,
            ClientCertificateNotAfter = _link.ClientCertificateNotAfter,
            PeerCertificateNotAfter = Volatile.Read(ref _lastConnect)?.PeerCertificateNotAfter,
        };
    }

    /// <summary>
    /// Asks for the status once more, outside the slots and without counting it: a second look at something strange. A member that does
    /// not answer leaves what was known before as it was.
    /// </summary>
    public async Task LookAgainAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var sent = _time.Now();
        var answer = await _link.UseAsync(client => client.StatusAsync(timeout, cancellationToken));
        if (answer.IsOk && MemberStatus.From(answer.Message) is { } status)
        {
            _member.Keep(new MemberSample(Address.Label, status, sent, _time.Now()));
        }
    }

    /// <summary>The hash of the member's data up to <paramref name="revision"/>; null when it does not answer, or may not, or cannot any more.</summary>
    public async Task<MemberHash?> HashAsync(long revision, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!Server.Kind.SpeaksForAMember())
        {
            return null;
        }

        var answer = await _link.UseAsync(client => client.HashKVAsync(revision, timeout, cancellationToken));
        return answer.IsOk && ResponseFacts.From(answer.Message.Header) is { } facts
            ? new MemberHash(Address.Label, facts.MemberId, answer.Message.Hash, answer.Message.CompactRevision)
            : null;
    }

    public void Dispose() => _link.Dispose();

    /// <summary>A learner takes no writes, linearizable reads and watches; kine has no local reads.</summary>
    public bool IsDue(ProbeOperation operation) =>
        !(IsLearner && operation is ProbeOperation.Put or ProbeOperation.Get or ProbeOperation.Watch)
        && !(Server.Kind == EndpointKind.Compatible && operation == ProbeOperation.GetLocal);

    public SkipReason? Refusal(ProbeOperation operation, Slot slot) =>
        operation == ProbeOperation.Put ? WriteGuard.Refusal(Status, slot.Number) : null;

    public async Task<ProbeOutcome> CallAsync(ProbeOperation operation, Slot slot, CancellationToken cancellationToken)
    {
        var outcome = await _life.LookForAsync(_link.UseAsync(client => _calls.CallAsync(operation, client, cancellationToken)), cancellationToken);
        _member.Recognise(outcome.Answer?.ClusterId, outcome.Answer?.MemberId);
        return Server.Kind.SpeaksForAMember() ? outcome : outcome with { Evidence = null };
    }

    public void Report(ProbeEvent happened) => _probed.Sink.Report(Address, happened);

    public void Changed(ProbeResult result)
    {
        if (result.Failure is { } reason)
        {
            Log.Failing(_cluster.Logger, result.Operation.Label(), Address.Label, _cluster.Name, reason.Label(), result.Detail);
        }
        else
        {
            Log.Succeeding(_cluster.Logger, result.Operation.Label(), Address.Label, _cluster.Name);
        }
    }

    private OperationProbe Probe(ProbeOperation operation)
    {
        // Operations follow each other at quarters of the interval: started together they would measure each other.
        var phase = (_phase + ((int)operation * 0.25)) % 1;
        return new OperationProbe(operation, this, new SlotPace(_cluster.Probe.Interval, phase), Part(ExporterPart.Probe, operation.Label()), _time);
    }

    private SupervisedPart Part(ExporterPart where, string what) => _cluster.Part(where, $"{what} through {Address.Label}");

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (_watch is { } watch && !cancellationToken.IsCancellationRequested)
        {
            await _link.UseAsync(async (client, retired) =>
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, retired);
                try
                {
                    await watch.WatchAsync(client, linked.Token);
                }
                catch (OperationCanceledException) when (retired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    // the connection was replaced: the next round watches on the new one
                }

                return true;
            });
        }
    }

    private void OnRecognised(EndpointKind? before, EndpointKind kind)
    {
        if (kind != EndpointKind.Member)
        {
            Log.NoMember(_cluster.Logger, Address.Label, _cluster.Name, kind.Explain());
        }
        else if (before is not null)
        {
            Log.Member(_cluster.Logger, Address.Label, _cluster.Name);
        }

        Report(new ProbeEvent.Recognised(kind));
    }

    private void OnConnectAttempt(ConnectAttempt attempt)
    {
        if (attempt.PeerCertificateNotAfter is not null)
        {
            Volatile.Write(ref _lastConnect, attempt);
        }

        // Called from within the HTTP handler, which would take an exception for a connection that failed.
        Part(ExporterPart.Link, "connection").Run(() => Report(new ProbeEvent.Connected(attempt)));
    }

    private static partial class Log
    {
        [LoggerMessage(115, LogLevel.Information, "{Endpoint} of {Cluster} {Explanation}")]
        public static partial void NoMember(ILogger logger, string endpoint, string cluster, string explanation);

        [LoggerMessage(116, LogLevel.Information, "{Endpoint} of {Cluster} leads to one member of etcd now")]
        public static partial void Member(ILogger logger, string endpoint, string cluster);

        [LoggerMessage(102, LogLevel.Warning, "{Operation} through {Endpoint} of {Cluster} fails: {Reason} ({Detail})")]
        public static partial void Failing(
            ILogger logger, string operation, string endpoint, string cluster, string reason, string detail);

        [LoggerMessage(103, LogLevel.Information, "{Operation} through {Endpoint} of {Cluster} succeeds again")]
        public static partial void Succeeding(ILogger logger, string operation, string endpoint, string cluster);
    }
}
