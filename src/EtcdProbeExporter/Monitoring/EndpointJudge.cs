using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Monitoring;

/// <summary>Judges every endpoint of a cluster, round by round. No I/O, no clock of its own; one thread at a time.</summary>
/// <param name="patience">See <see cref="EndpointPast.PatienceFor"/>; null: the longest.</param>
internal sealed class EndpointJudge(TimeSpan? patience = null)
{
    private Dictionary<string, EndpointPast> _past = new(StringComparer.Ordinal);

    /// <summary>Some member hangs and its next answer will show where.</summary>
    public bool WantsAnotherLook => _past.Values.Any(p => p.WantsLook);

    /// <summary>The endpoints whose members' own metrics would show where they hang.</summary>
    public IReadOnlyList<string> WantWitness => [.. _past.Where(p => p.Value.WantsWitness).Select(p => p.Key)];

    /// <param name="cluster">What probes brought.</param>
    /// <param name="now">On the monotonic clock of the samples.</param>
    public IReadOnlyList<EndpointObservation> Judge(ClusterSnapshot cluster, TimeSpan now)
    {
        var main = cluster.ClusterId ?? ClusterViews.MostShown([.. cluster.Endpoints.Select(e => Observations.Observe(e, EndpointPast.None))]);
        var progress = cluster.Endpoints.ToDictionary(
            e => e.Address.Label, e => MemberProgress.After(_past.GetValueOrDefault(e.Address.Label)?.Progress, e.Sample), StringComparer.Ordinal);
        var known = progress.Values.OfType<MemberProgress>().Where(p => p.ClusterId == main).ToList();
        var judged = new Dictionary<string, EndpointPast>(StringComparer.Ordinal); // endpoints that are gone are forgotten
        foreach (var endpoint in cluster.Endpoints)
        {
            var label = endpoint.Address.Label;
            judged[label] = _past.GetValueOrDefault(label, EndpointPast.None).After(
                patience ?? EndpointPast.LongestPatience, endpoint, Observations.EvidenceOf(endpoint, main), progress[label], known, now);
        }

        _past = judged;
        return [.. cluster.Endpoints.Select(e => Observations.Observe(e, judged[e.Address.Label]))];
    }
}
