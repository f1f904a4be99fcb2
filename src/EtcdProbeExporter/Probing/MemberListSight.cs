using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing;

/// <summary>What asking a member for its list brought last. Times are on the monotonic clock.</summary>
/// <param name="List">Null when the newest question was not answered, or may not be asked.</param>
/// <param name="AnsweredAt">When the newest answer was here; null while none was.</param>
/// <param name="SilentSince">When the newest question was sent, if nothing came on it; null when something did.</param>
internal sealed record MemberListSight(IReadOnlyList<ClusterMember>? List, TimeSpan? AnsweredAt, TimeSpan? SilentSince)
{
    public static readonly MemberListSight None = new(null, null, null);

    /// <summary>A question that was answered, or was not; one that is older than the newest answer brings no news by its silence.</summary>
    public MemberListSight After(IReadOnlyList<ClusterMember>? list, bool isSilent, TimeSpan sent, TimeSpan now) =>
        !isSilent ? new MemberListSight(list, now, null)
        : AnsweredAt >= sent ? this
        : new MemberListSight(null, AnsweredAt, sent);
}
