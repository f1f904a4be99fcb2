using System.Collections.Immutable;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Makes one record of everything that is known of a cluster, round by round, with what earlier rounds have to say to it: who led, which
/// claims were seen when, what was acknowledged, which members there are. A fold: no I/O, no clock of its own. Rounds come one at a time;
/// <see cref="Witness"/> may be called by any thread.
/// </summary>
/// <param name="claimMemory">See <see cref="SplitBrainJudge"/>.</param>
/// <param name="patience">See <see cref="EndpointJudge"/>.</param>
internal sealed class RoundJudge(TimeSpan claimMemory, TimeSpan? patience = null)
{
    private const int Remembered = 5;

    private readonly EndpointJudge _endpoints = new(patience);
    private readonly SplitBrainJudge _splitBrain = new(claimMemory);
    private readonly LeadershipLedger _ledger = new();
    private readonly ConsistencyWitness _witness = new();
    private readonly Lock _lock = new(); // the witness hears of many probes
    private ImmutableList<PastViolation> _violations = [];
    private ImmutableList<PastRestoration> _restorations = [];
    private IReadOnlyList<ClusterMember>? _memberList;
    private ulong? _clusterId;

    /// <summary>Whether the newest round shows anything that wants a second look at once.</summary>
    public bool WantsAnotherLook => _splitBrain.WantsAnotherLook || _endpoints.WantsAnotherLook;

    /// <summary>The endpoints whose members' own metrics would show where they hang.</summary>
    public IReadOnlyList<string> WantWitness => _endpoints.WantWitness;

    /// <param name="probes">What probes have brought.</param>
    /// <param name="now">On the monotonic clock of the samples.</param>
    public (ClusterReport Report, RoundOutcome Outcome) Judge(ClusterSnapshot probes, TimeSpan now)
    {
        var changed = _clusterId is { } before && probes.ClusterId is { } after && before != after ? new ClusterExchange(before, after) : null;
        if (changed is not null)
        {
            _memberList = null;
            Restart();
        }

        _clusterId = probes.ClusterId ?? _clusterId;
        var observations = _endpoints.Judge(probes, now);
        var speaking = observations.Where(o => o.Kind.SpeaksForAMember()).ToList();
        var view = ClusterViews.Of(speaking, new ViewContext
        {
            ClusterId = _clusterId,
            MemberList = _memberList,
            ClaimedSince = _splitBrain.ClaimedSince,
            Writable = probes.Writable,
        });
        _memberList = view.MemberList;
        WitnessFindings findings;
        lock (_lock)
        {
            findings = _witness.Observe(view);
        }

        if (findings.Restored is { } restored)
        {
            Restart();
            _restorations = [.. _restorations.TakeLast(Remembered - 1), new PastRestoration(probes.TakenAt, restored)];
        }

        foreach (var violation in findings.Violations.Where(v => v.Kind.BreaksLinearizability()))
        {
            _splitBrain.LinearizabilityBroken(now, violation.What);
        }

        Remember(findings.Violations, probes.TakenAt);
        var verdict = _splitBrain.Judge(speaking, view, now);
        var report = new ClusterReport(
            probes,
            [.. probes.Endpoints.Zip(observations, (endpoint, observation) => new MonitoredEndpoint(endpoint, observation.State) { Stall = observation.Stall })],
            view,
            verdict)
        {
            Violations = _violations,
            Restorations = _restorations,
        };
        return (report, new RoundOutcome(_ledger.Observe(view, now), findings.Violations) { HasMembers = probes.HasMembers, Restored = findings.Restored, Exchanged = changed });
    }

    /// <summary>Takes note of what an answered probe proves.</summary>
    public void Witness(ProbeResult result)
    {
        if (result is not { Evidence: { } evidence, Answer: { } answer })
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

    /// <summary>Violations that were found in another way than by rounds, or by them: the last few are shown.</summary>
    public void Remember(IEnumerable<Violation> violations, DateTimeOffset at)
    {
        foreach (var violation in violations)
        {
            ImmutableInterlocked.Update(ref _violations, known => [.. known.TakeLast(Remembered - 1), new PastViolation(at, violation)]);
        }
    }

    private void Restart()
    {
        _splitBrain.Restart();
        _ledger.Restart();
    }
}
