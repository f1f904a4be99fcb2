using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;

namespace EtcdProbeExporter.Tests.Status;

/// <summary>Short ways to reports as monitors make them, for tests of what is said of them.</summary>
internal static class Reported
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Endpoint <c>mN:2379</c> of member N, healthy unless an operation is given a failure; null status: it did not answer.</summary>
    public static EndpointSnapshot Endpoint(
        int number, MemberStatus? status, int members = 3, params (ProbeOperation Operation, FailureReason Failure, string Detail)[] failures)
    {
        EndpointAddress.TryParse($"m{number}:2379", false, out var address, out _).Should().BeTrue();
        ProbeOperation[] operations = [ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status];
        return new EndpointSnapshot
        {
            Address = address!,
            Source = EndpointSource.Configured,
            Operations = [.. operations.Select(o => Operation(o, failures.FirstOrDefault(f => f.Operation == o)))],
            Sample = status is null ? null : new MemberSample(address!.Label, status, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)),
            LastMemberId = (ulong)number,
            Members = status is null ? null : Told.List(members, status.IsLearner ? [status.MemberId] : []),
            PeerCertificateNotAfter = null,
            ClientCertificateNotAfter = null,
        };

        static OperationSnapshot Operation(ProbeOperation operation, (ProbeOperation, FailureReason Failure, string Detail) failure)
        {
            FailureReason? reason = failure.Detail is null ? null : failure.Failure;
            var duration = TimeSpan.FromMilliseconds(reason == FailureReason.Timeout ? 5000 : 2 + (int)operation);
            var result = new ProbeResult
            {
                Operation = operation,
                EndedAt = Now,
                Duration = duration,
                Failure = reason,
                Detail = failure.Detail ?? "",
            };
            return new OperationSnapshot(operation, result, reason is null ? Now : null, TimeSpan.Zero)
            {
                Recent = [new PastProbe(Now, duration, reason, failure.Detail ?? "")],
            };
        }
    }

    /// <summary>What probes of a cluster have brought; its own probes failed for <paramref name="cluster"/>, or succeeded.</summary>
    public static ClusterSnapshot Snapshot(IReadOnlyList<EndpointSnapshot> endpoints, bool? writable = true, FailureReason? cluster = null) => new()
    {
        Name = "prod",
        TakenAt = Now,
        Endpoints = endpoints,
        Operations = [.. new[] { ProbeOperation.Put, ProbeOperation.Get }.Select(o => new OperationSnapshot(
            o,
            new ProbeResult { Operation = o, EndedAt = Now, Duration = TimeSpan.FromMilliseconds(3), Failure = cluster, Detail = cluster is null ? "" : "told" },
            Now,
            TimeSpan.Zero))],
        Writable = writable,
    };

    /// <summary>A report of one round.</summary>
    /// <param name="endpoints">What probes of each brought.</param>
    /// <param name="writable">Of the cluster.</param>
    /// <param name="verdict">On who leads.</param>
    /// <param name="cluster">Why the probes of the cluster failed; null: they succeeded.</param>
    /// <param name="verdicts">By endpoint, what earlier rounds would have led to.</param>
    public static ClusterReport Cluster(
        IReadOnlyList<EndpointSnapshot> endpoints,
        bool? writable = true,
        SplitBrainVerdict? verdict = null,
        FailureReason? cluster = null,
        params (int Number, EndpointState State, StallSite? Stall)[] verdicts)
    {
        var snapshot = Snapshot(endpoints, writable, cluster);
        var observations = new EndpointJudge().Judge(snapshot, TimeSpan.FromSeconds(10))
            .Select((o, i) => Array.Find(verdicts, v => v.Number == i + 1) is { Number: > 0 } told ? o with { State = told.State, Stall = told.Stall } : o)
            .ToList();
        return new ClusterReport(
            snapshot,
            [.. endpoints.Zip(observations, (e, o) => new MonitoredEndpoint(e, o.State) { Stall = o.Stall })],
            ClusterViews.Of(observations),
            verdict ?? SplitBrainVerdict.None);
    }

    public static ClusterReport Healthy() => Cluster([Endpoint(1, Told.Status(1, 1)), Endpoint(2, Told.Status(2, 1)), Endpoint(3, Told.Status(3, 1))]);

    /// <summary>Story S6: the old leader's disk hangs, it goes on claiming; the others have elected another.</summary>
    public static ClusterReport HungLeader() => Cluster(
        [
            Endpoint(
                1,
                Told.Status(1, 1, term: 12082),
                3,
                (ProbeOperation.Put, FailureReason.Timeout, "no answer within 5 s"),
                (ProbeOperation.Get, FailureReason.Timeout, "no answer within 5 s")),
            Endpoint(2, Told.Status(2, 2, term: 12083)),
            Endpoint(3, Told.Status(3, 2, term: 12083)),
        ],
        verdict: new SplitBrainVerdict(
            SplitBrainState.StaleLeader,
            TimeSpan.Zero,
            "evidence",
            [new LeaderClaim(1, "m1", "m1:2379", 12082)],
            new LeaderClaim(2, "m2", "m2:2379", 12083)),
        verdicts: (1, EndpointState.WriteStalled, StallSite.Log));
}
