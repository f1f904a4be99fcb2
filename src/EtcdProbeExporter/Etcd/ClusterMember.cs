using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>One row of a member list. <see cref="Name"/> and <see cref="ClientUrls"/> are empty for a member that was added and never started.</summary>
internal sealed record ClusterMember(ulong Id, string Name, IReadOnlyList<string> ClientUrls, bool IsLearner)
{
    /// <summary>Raft clusters have some ten members; etcd advises seven at most.</summary>
    public const int MostMembers = 256;

    private const int MostUrls = 16;

    public static ClusterMember From(Member member) => new(
        member.ID,
        PeerText.Clean(member.Name, PeerText.LongestName),
        [.. member.ClientURLs.Where(url => url.Length <= PeerText.LongestUrl).Take(MostUrls)],
        member.IsLearner);

    /// <summary>What is kept of a member list.</summary>
    public static IReadOnlyList<ClusterMember> ListFrom(IEnumerable<Member> members) => [.. members.Take(MostMembers).Select(From)];
}
