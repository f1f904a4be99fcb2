using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Monitoring;

/// <summary>Turns what probes brought into what the consensus view judges. Pure.</summary>
internal static class Observations
{
    public static IReadOnlyList<EndpointObservation> Of(ClusterSnapshot cluster)
    {
        var main = cluster.ClusterId ?? ClusterViews.MostShown([.. cluster.Endpoints.Select(e => Observe(e, EndpointState.Unknown))]);
        return [.. cluster.Endpoints.Select(e => Observe(e, EndpointStates.Of(EvidenceOf(e, main))))];
    }

    public static EndpointEvidence EvidenceOf(EndpointSnapshot endpoint, ulong? mainClusterId) => new()
    {
        Put = Verdict(endpoint, ProbeOperation.Put),
        Get = Verdict(endpoint, ProbeOperation.Get),
        GetLocal = Verdict(endpoint, ProbeOperation.GetLocal),
        Status = Verdict(endpoint, ProbeOperation.Status),
        MemberListAnswered = endpoint.Members is not null,
        Member = endpoint.Status,
        IsForeign = (endpoint.Status?.ClusterId ?? endpoint.Headers?.ClusterId) is { } id && mainClusterId is { } main && id != main,
    };

    private static OperationVerdict? Verdict(EndpointSnapshot endpoint, ProbeOperation operation) =>
        endpoint.Operation(operation)?.Last is { } last ? new OperationVerdict(last.Failure) : null;

    private static EndpointObservation Observe(EndpointSnapshot endpoint, EndpointState state) => new()
    {
        Endpoint = endpoint.Address.Label,
        State = state,
        Sample = endpoint.Sample,
        Headers = endpoint.Headers,
        Members = endpoint.Members,
        LastMemberId = endpoint.LastMemberId,
    };
}
