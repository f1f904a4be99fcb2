using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>How the probed endpoints and the member list differ; each a list of names for people, and its length is the metric.</summary>
internal sealed record MemberMismatch
{
    /// <summary>Endpoints whose member, now or when it last answered, the list does not have: removed, or not yet known to the others.</summary>
    public required IReadOnlyList<string> NotInMemberList { get; init; }

    /// <summary>Voters that no endpoint leads to.</summary>
    public required IReadOnlyList<string> NotProbed { get; init; }

    /// <summary>Learners that no endpoint leads to.</summary>
    public required IReadOnlyList<string> LearnerNotProbed { get; init; }

    /// <summary>Members that were added and have not started yet: they have neither name nor address.</summary>
    public required IReadOnlyList<string> NeverStarted { get; init; }

    /// <summary>Endpoints whose member says that it is a learner where the list says voter, or the other way round.</summary>
    public required IReadOnlyList<string> LearnerDisagrees { get; init; }

    /// <summary>Endpoints beyond the first that lead to the same member.</summary>
    public required IReadOnlyList<string> DuplicateMember { get; init; }

    /// <summary>Endpoints that answer for another cluster.</summary>
    public required IReadOnlyList<string> ForeignCluster { get; init; }

    /// <summary>Every kind with its label, in the order in which they are published.</summary>
    public IEnumerable<(string Kind, IReadOnlyList<string> Names)> Kinds =>
    [
        ("not_in_member_list", NotInMemberList), ("not_probed", NotProbed), ("learner_not_probed", LearnerNotProbed),
        ("never_started", NeverStarted), ("learner_disagrees", LearnerDisagrees), ("duplicate_member", DuplicateMember),
        ("foreign_cluster", ForeignCluster),
    ];

    public bool Any => Kinds.Any(k => k.Names.Count > 0);
}

/// <summary>Compares the endpoints with the member list. Pure.</summary>
internal static class Mismatches
{
    public static MemberMismatch Of(
        IReadOnlyList<EndpointObservation> observations, ulong? main, IReadOnlyList<ClusterMember>? list, IReadOnlyList<Voter>? voters)
    {
        var answering = observations.Where(o => o.Facts is not null).ToList();
        var native = answering.Where(o => o.Facts!.ClusterId == main).ToList();
        return new MemberMismatch
        {
            ForeignCluster = [.. answering.Where(o => o.Facts!.ClusterId != main).Select(o => o.Endpoint)],
            DuplicateMember = [.. native.Where(o => o.Kind != EndpointKind.Gateway).GroupBy(o => o.Facts!.MemberId).SelectMany(g => g.Skip(1)).Select(o => o.Endpoint)],
            NotInMemberList = list is null ? [] : [.. observations.Where(o => IsOutside(o, main, list)).Select(o => o.Endpoint)],
            NotProbed = [.. (voters ?? []).Where(v => !v.IsKnown).Select(v => v.DisplayName)],
            LearnerNotProbed = [.. (list ?? []).Where(m => m.IsLearner && HasStarted(m) && !observations.Any(o => Voters.LeadsTo(o, m))).Select(NameOf)],
            NeverStarted = [.. (list ?? []).Where(m => !HasStarted(m)).Select(NameOf)],
            LearnerDisagrees = [.. native.Where(o => o.Sample is { Status: var s } && list?.FirstOrDefault(m => m.Id == s.MemberId) is { } m && m.IsLearner != s.IsLearner)
                .Select(o => o.Endpoint)],
        };
    }

    // etcd ends a removed member within seconds, so its endpoint is silent: the member that answered there last counts.
    private static bool IsOutside(EndpointObservation observation, ulong? main, IReadOnlyList<ClusterMember> list) =>
        (observation.Facts is not { } facts || facts.ClusterId == main)
        && (observation.Facts?.MemberId ?? observation.LastMemberId) is { } id
        && list.All(m => m.Id != id);

    private static bool HasStarted(ClusterMember member) => member.Name.Length > 0 || member.ClientUrls.Count > 0;

    private static string NameOf(ClusterMember member) => member.Name.Length > 0 ? member.Name : EtcdId.Format(member.Id);
}
