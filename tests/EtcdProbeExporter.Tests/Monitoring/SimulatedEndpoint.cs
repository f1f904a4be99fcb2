using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>
/// Probes of one endpoint as the real ones would go, a slot a second and three seconds of timeout, against a member of which a part hangs
/// from one second to another. What each part's hang does to the answers is measured on real etcd; here it only drives the judgement.
/// </summary>
internal sealed class SimulatedEndpoint(int number, string fault, double from, double to)
{
    public const double Timeout = 3;

    private static readonly ProbeOperation[] Operations = [ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status, ProbeOperation.Watch];

    private readonly Dictionary<ProbeOperation, double> _running = [];
    private readonly Dictionary<ProbeOperation, ProbeResult> _last = [];
    private readonly Dictionary<ProbeOperation, List<PastSlot>> _slots = Operations.ToDictionary(o => o, _ => new List<PastSlot>());
    private StorageSight? _storage;
    private MemberSample? _sample;
    private double? _listed;
    private double? _unlisted;

    public string Label => $"m{number}:2379";

    private bool Ill(double at) => at >= from && at < to;

    /// <summary>The slots of one second.</summary>
    public void Step(double now)
    {
        foreach (var operation in Operations)
        {
            if (_running.TryGetValue(operation, out var sent))
            {
                var ended = sent + Takes(operation, sent);
                if (ended > now && now - sent < Timeout)
                {
                    if (operation != ProbeOperation.Watch)
                    {
                        Add(operation, new PastSlot(SlotEnd.Skipped, Seconds(now)));
                    }

                    continue;
                }

                End(operation, sent, Math.Min(ended, sent + Timeout), ended - sent <= Timeout);
            }

            var takes = Takes(operation, now);
            if (takes < 0.5)
            {
                End(operation, now, now + takes, true);
            }
            else
            {
                _running[operation] = now;
            }
        }

        if (fault == "process" && Ill(now))
        {
            _unlisted = now - 0.5;
        }
        else
        {
            (_listed, _unlisted) = (now, null);
        }
    }

    /// <summary>Status outside the slots.</summary>
    public void Look(double at)
    {
        if (Takes(ProbeOperation.Status, at) < 0.5)
        {
            _sample = SampleAt(at);
        }
    }

    /// <summary>The member's own metrics.</summary>
    public void AskMetrics(double at)
    {
        var sight = _storage ?? StorageSight.None;
        var syncs = 100 + ((fault == "disk" ? Math.Min(at, from) : at) * 4);
        _storage = fault == "backend" ? sight.Without("connection refused") : sight.After(new StorageReading(Seconds(at), fault == "defrag", syncs));
    }

    public EndpointSnapshot Snapshot(double now) => Reported.Endpoint(number, null) with
    {
        Operations = [.. Operations.Select(o => new OperationSnapshot(
            o, _last.GetValueOrDefault(o), null, _running.TryGetValue(o, out var sent) ? Seconds(now - sent) : TimeSpan.Zero) { Slots = [.. _slots[o].TakeLast(10)] })],
        Sample = _sample,
        Members = _unlisted is null ? Told.List(3) : null,
        MembersAnsweredAt = _listed is { } listed ? Seconds(listed) : null,
        MembersSilentSince = _unlisted is { } asked ? Seconds(asked) : null,
        Storage = _storage,
    };

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    /// <summary>How long a call takes that is sent then.</summary>
    private double Takes(ProbeOperation operation, double at)
    {
        if (!Ill(at))
        {
            return 0.01;
        }

        var database = fault is "backend" or "defrag" or "database" or "disk";
        var hangs = operation switch
        {
            ProbeOperation.Put or ProbeOperation.Get => database || fault is "log" or "apply" or "process" or "unclear",
            ProbeOperation.Watch => database || fault is "log" or "apply" or "process" or "unclear" or "watch",
            _ => database || fault is "process",
        };
        return hangs ? (to - at) + 0.01
            : fault == "slow" && operation == ProbeOperation.Put ? 2.4
            : fault == "now and then" && operation == ProbeOperation.Get && at % 15 == 0 ? 10
            : fault == "once" && operation == ProbeOperation.Get && at == from ? 10
            : fault == "election" && operation == ProbeOperation.Put && at == from ? 1.8
            : 0.01;
    }

    private void End(ProbeOperation operation, double sent, double ended, bool answered)
    {
        _running.Remove(operation);
        _last[operation] = new ProbeResult
        {
            Operation = operation,
            Sent = Seconds(sent),
            Ended = Seconds(ended),
            EndedAt = Reported.Now,
            Duration = Seconds(ended - sent),
            Failure = answered ? null : FailureReason.Timeout,
            Detail = "",
        };
        Add(operation, new PastSlot(answered ? SlotEnd.Succeeded : SlotEnd.TimedOut, Seconds(sent)));
        if (operation == ProbeOperation.Status)
        {
            _sample = answered ? SampleAt(ended - 0.01) : null;
        }
    }

    private MemberSample SampleAt(double at)
    {
        var stands = Math.Min(at, Ill(at) ? from : at);
        var commit = IndexAt(fault is "log" ? stands : at);
        var applied = IndexAt(fault is "log" or "apply" ? stands : at);
        return new MemberSample(Label, Told.Status((ulong)number, 3, commit: commit, applied: applied), Seconds(at), Seconds(at + 0.01));
    }

    // Four writes a second.
    private static ulong IndexAt(double at) => 100 + (ulong)(at * 4);

    private void Add(ProbeOperation operation, PastSlot slot) => _slots[operation].Add(slot);
}
