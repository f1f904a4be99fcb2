using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>What is to be said of a cluster as a whole. Pure.</summary>
internal static class ClusterFindings
{
    /// <summary>How long a broken promise is reported. What was served wrongly stays wrong, but the page must show what is so now.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private const int MostNames = 12;

    public static IEnumerable<Finding> Of(ClusterReport report)
    {
        var view = report.View;
        return SplitBrain(report)
            .Concat(Violations(report))
            .Concat(Service(report))
            .Concat(QuorumWords.Reserve(report))
            .Concat(Restorations(report))
            .Concat(Mismatches(view))
            .Concat(TooMany(report))
            .Concat(Differences(report))
            .Concat(Credentials(report));
    }

    // Nothing fails yet: what was read before is in force. It will, when the old secret is no longer accepted.
    private static IEnumerable<Finding> Credentials(ClusterReport report) => report.CredentialObjections.Select(objection => new Finding(
        FindingLevel.Warning, null, $"credential files cannot be used, those read before stay in force until they are mended: {objection}", "EtcdCertificateExpiring"));

    private static IEnumerable<Finding> SplitBrain(ClusterReport report)
    {
        var (verdict, view) = (report.SplitBrain, report.View);
        switch (verdict.State)
        {
            case SplitBrainState.Confirmed:
                yield return Critical($"split brain confirmed: {verdict.Evidence}", "EtcdSplitBrain");
                break;
            case SplitBrainState.Suspected:
                yield return Critical($"split brain suspected: {verdict.Evidence}", "EtcdSplitBrain");
                break;
            case SplitBrainState.StaleLeader:
                foreach (var claim in verdict.StaleClaims)
                {
                    var follows = verdict.TrueLeader is { } leader ? $"{leader.Endpoint} ({leader.MemberName}) at term {leader.Term}"
                        : view.Leader is { } named ? $"{named.Endpoint} ({named.MemberName})" : "another member";
                    yield return new Finding(
                        FindingLevel.Critical,
                        claim.Endpoint,
                        $"{claim.Endpoint} ({claim.MemberName}) claims leadership at term {claim.Term}; the cluster follows {follows}: stale leader, "
                        + Cause(report, claim),
                        "EtcdStaleLeader");
                }

                break;
        }
    }

    // A leader that is only cut off steps down within two election timeouts; one that cannot write its log cannot even do that.
    private static string Cause(ClusterReport report, LeaderClaim claim) =>
        report.Endpoints.FirstOrDefault(e => e.Probes.Address.Label == claim.Endpoint)?.Stall is StallSite.Log or StallSite.Disk
            ? "most likely a stalled disk"
            : "cut off from its peers, or stalled";

    private static IEnumerable<Finding> Violations(ClusterReport report) => report.Violations.Where(v => report.Probes.TakenAt - v.At < Memory).Select(v => Critical(
        $"a promise of consistency was broken at {v.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({v.Violation.Kind.Label()}): {v.Violation.What}",
        "EtcdConsistencyViolation"));

    private static IEnumerable<Finding> Service(ClusterReport report)
    {
        var view = report.View;
        var (put, get) = (Last(report, ProbeOperation.Put), Last(report, ProbeOperation.Get));
        if (view.FailureTolerance < 0)
        {
            yield return Critical($"quorum lost: {QuorumWords.Lost(report)}", "EtcdQuorumLost");
        }

        if (StallWords.OfAll(report) is { } nothingApplied)
        {
            yield return Critical(nothingApplied, "EtcdEndpointWriteStalled");
        }

        if (put is { Succeeded: false })
        {
            yield return Critical($"writes through any endpoint fail: {Wording.Failure(put)}", "EtcdClusterWritesFailing");
        }

        if (get is { Succeeded: false })
        {
            yield return Critical($"linearizable reads through any endpoint fail: {Wording.Failure(get)}", "EtcdClusterReadsFailing");
        }

        if (view.Members.Count > 0 && view.HasLeader == false)
        {
            yield return Critical("no quorum of the members names a leader", "EtcdNoLeader");
        }
    }

    private static ProbeResult? Last(ClusterReport report, ProbeOperation operation) =>
        report.Probes.Operations.FirstOrDefault(o => o.Operation == operation)?.Last;

    // What was restored is not wrong: it explains why terms and revisions are lower than before.
    private static IEnumerable<Finding> Restorations(ClusterReport report) => report.Restorations.Where(r => report.Probes.TakenAt - r.At < Memory).Select(r => Info(
        $"restored at {r.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: {r.Restoration}", "EtcdConsistencyViolation"));

    private static IEnumerable<Finding> Mismatches(ClusterView view)
    {
        const string Runbook = "EtcdMemberListMismatch";
        var mismatch = view.Mismatch;
        foreach (var endpoint in mismatch.NotInMemberList)
        {
            yield return Warning($"{endpoint} leads to a member that the member list does not name: removed from the cluster, or another one's", Runbook);
        }

        foreach (var name in mismatch.NeverStarted)
        {
            yield return Warning($"member {name} was added and has never started: until it does, it counts and takes no part", Runbook);
        }

        foreach (var endpoint in mismatch.LearnerDisagrees)
        {
            yield return Warning($"the member at {endpoint} and the member list do not agree whether it is a learner", Runbook);
        }

        foreach (var endpoint in mismatch.DuplicateMember)
        {
            yield return Warning($"{endpoint} leads to a member that another endpoint leads to already", Runbook);
        }

        if (view.MemberListViews > 1)
        {
            yield return Warning($"members disagree about who is a member: {view.MemberListViews} different member lists", Runbook);
        }

        if (mismatch.NotProbed.Count > 0)
        {
            yield return Info($"not probed, though the member list names {Them(mismatch.NotProbed)}: {Few(mismatch.NotProbed)}", Runbook);
        }

        if (mismatch.LearnerNotProbed.Count > 0)
        {
            yield return Info($"learners that are not probed: {Few(mismatch.LearnerNotProbed)}", Runbook);
        }
    }

    private static IEnumerable<Finding> TooMany(ClusterReport report)
    {
        if (report.LeftUndiscovered is > 0 and var left)
        {
            yield return Warning(
                $"the member list is too long to follow: {Discovery.MostDiscovered} discovered members are probed, {left} are not", "EtcdMemberListMismatch");
        }
    }

    // A member list may be long, a line on a page may not.
    private static string Few(IReadOnlyList<string> names) =>
        names.Count <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";

    private static IEnumerable<Finding> Differences(ClusterReport report)
    {
        var view = report.View;
        if (view.MaxTerm != view.MinTerm && report.SplitBrain.State == SplitBrainState.None)
        {
            var behind = view.Members.Where(m => m.Status.Term < view.MaxTerm).Select(m => $"{m.Endpoint} shows term {m.Status.Term}");
            yield return Info($"terms differ: {string.Join(", ", behind)}, the highest is {view.MaxTerm}", "EtcdTermDivergence");
        }

        foreach (var target in view.Members.Select(m => m.Status.DowngradeTarget).OfType<string>().Distinct())
        {
            yield return Info($"a downgrade to etcd {target} is under way", "EtcdMemberListMismatch");
        }

        var versions = view.Members.Select(m => m.Status.Version).Distinct().Order(StringComparer.Ordinal).ToList();
        if (versions.Count > 1)
        {
            yield return Info($"members run different versions: {string.Join(", ", versions)}", "EtcdMemberListMismatch");
        }
    }

    private static string Them(IReadOnlyList<string> names) => names.Count == 1 ? "it" : "them";

    private static Finding Critical(string text, string runbook) => new(FindingLevel.Critical, null, text, runbook);

    private static Finding Warning(string text, string runbook) => new(FindingLevel.Warning, null, text, runbook);

    private static Finding Info(string text, string runbook) => new(FindingLevel.Info, null, text, runbook);
}
