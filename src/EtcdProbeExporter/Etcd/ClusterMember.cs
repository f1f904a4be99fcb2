using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Etcd;

/// <summary>One row of a member list. <see cref="Name"/> and <see cref="ClientUrls"/> are empty for a member that was added and never started.</summary>
internal sealed record ClusterMember(ulong Id, string Name, IReadOnlyList<string> ClientUrls, bool IsLearner)
{
    public static ClusterMember From(Member member) => new(member.ID, member.Name, [.. member.ClientURLs], member.IsLearner);
}
