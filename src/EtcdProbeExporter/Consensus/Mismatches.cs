using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

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
