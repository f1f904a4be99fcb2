using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>What is said of the quorum: how many are there, how many are needed, and whom to bring back. Pure.</summary>
internal static class QuorumWords
{
    /// <summary><c>1 of 3 members answers, 2 are needed: bring back m1 (refuses connections) or m2 (frozen)</c>.</summary>
    public static string Lost(ClusterReport report)
    {
        var view = report.View;
        var voters = view.Voters!;
        var (answering, quorum) = (voters.Count(v => v.Answers), (voters.Count / 2) + 1);
        var missing = string.Join(" or ", Missing(report));
        return answering < quorum
            ? $"{answering} of {voters.Count} members {(answering == 1 ? "answers" : "answer")}, {quorum} are needed: bring back {missing}"
            : $"{answering} of {voters.Count} members answer, and too few of them take part, {quorum} are needed: see to {missing}";
    }

    /// <summary>One more failure would stop all writes. One or two voters never had any reserve: that is how the cluster was built.</summary>
    public static IEnumerable<Finding> Reserve(ClusterReport report)
    {
        if (report.View is { FailureTolerance: 0, Voters: { Count: > 2 and var count } voters, QuorumSize: { } quorum } view)
        {
            var part = voters.Count(v => v.TakesPart(view.Leader is not null));
            var missing = Missing(report).ToList();
            yield return new Finding(
                FindingLevel.Warning,
                null,
                $"one more failure stops all writes: {Math.Max(part, quorum)} of {count} voting members take part, {quorum} are needed"
                + (missing.Count > 0 ? $"; missing: {string.Join(", ", missing)}" : ""),
                "EtcdFaultToleranceExhausted");
        }
    }

    private static IEnumerable<string> Missing(ClusterReport report) => report.View.Voters!
        .Where(v => !v.TakesPart(report.View.Leader is not null))
        .OrderBy(v => v.DisplayName, StringComparer.Ordinal) // the list is in the order of ids, which mean nothing to people
        .Select(v => $"{v.DisplayName} ({Why(v, report)})");

    private static string Why(Voter voter, ClusterReport report) => voter.State switch
    {
        null => "never started",
        EndpointState.Unresponsive => "frozen",
        EndpointState.Unreachable when Refuses(voter, report) => "refuses connections",
        EndpointState.Unreachable => "cannot be reached",
        EndpointState.WriteStalled => StallWords.Short(voter.Stall),
        EndpointState.NoLeader => "sees no leader",
        { } state => state.Label(),
    };

    private static bool Refuses(Voter voter, ClusterReport report) =>
        report.Endpoints.FirstOrDefault(e => e.Probes.Address.Label == voter.Endpoint)?.Probes.Operation(ProbeOperation.Status)?.Last
            is { Failure: FailureReason.Connect, Detail: var detail } && detail.Contains("refused", StringComparison.OrdinalIgnoreCase);
}
