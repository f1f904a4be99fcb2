using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Short ways to say what members tell, for tests.</summary>
internal static class Told
{
    public const ulong ClusterId = 0xc1;

    public static MemberStatus Status(
        ulong member, ulong leader, ulong term = 2, ulong commit = 10, ulong? applied = null, long revision = 10, ulong cluster = ClusterId, bool learner = false) => new()
        {
            ClusterId = cluster,
            MemberId = member,
            Revision = revision,
            Version = "3.5.16",
            Leader = leader,
            Term = term,
            RaftIndex = commit,
            RaftAppliedIndex = applied ?? commit,
            DbSize = 1,
            DbSizeInUse = 1,
            DbSizeQuota = null,
            IsLearner = learner,
            Errors = [],
            Alarms = [],
        };

    /// <summary>A member list of m1..mN with client addresses m1:2379 and so on; the named ids are learners.</summary>
    public static IReadOnlyList<ClusterMember> List(int members, params ulong[] learners) =>
        [.. Enumerable.Range(1, members).Select(i => new ClusterMember((ulong)i, $"m{i}", [$"http://m{i}:2379"], learners.Contains((ulong)i)))];

    public static EndpointObservation Endpoint(
        string endpoint,
        MemberStatus? status,
        double atSeconds = 0,
        IReadOnlyList<ClusterMember>? members = null,
        EndpointState state = EndpointState.Healthy,
        ulong? lastMember = null) => new()
        {
            Endpoint = endpoint,
            State = state,
            Sample = status is null
                ? null
                : new MemberSample(endpoint, status, TimeSpan.FromSeconds(atSeconds), TimeSpan.FromSeconds(atSeconds + 0.01)),
            Members = status is null ? null : members,
            LastMemberId = status?.MemberId ?? lastMember,
        };
}
