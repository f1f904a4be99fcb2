using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// One member's answer to <c>Status</c>: local knowledge, which may be old. Sizes are bytes; <see cref="DbSizeQuota"/> is null before
/// etcd 3.6, which does not report it. <see cref="Leader"/> is 0 when the member sees none.
/// </summary>
internal sealed record MemberStatus
{
    /// <summary>There are two kinds of alarm, each once per member.</summary>
    public const int MostAlarms = 24;

    private const int MostErrors = 32;

    public required ulong ClusterId { get; init; }

    public required ulong MemberId { get; init; }

    public required long Revision { get; init; }

    public required string Version { get; init; }

    public required ulong Leader { get; init; }

    public required ulong Term { get; init; }

    /// <summary>The commit index this member knows of.</summary>
    public required ulong RaftIndex { get; init; }

    public required ulong RaftAppliedIndex { get; init; }

    public required long DbSize { get; init; }

    public required long DbSizeInUse { get; init; }

    public required long? DbSizeQuota { get; init; }

    /// <summary>Layout of the database file, "3.6.0"; null before etcd 3.6, and where it is not settled yet.</summary>
    public string? StorageVersion { get; init; }

    /// <summary>The version that the cluster is being downgraded to; null while no downgrade is under way, and before etcd 3.6.</summary>
    public string? DowngradeTarget { get; init; }

    public required bool IsLearner { get; init; }

    public required IReadOnlyList<string> Errors { get; init; }

    public required IReadOnlyList<MemberAlarm> Alarms { get; init; }

    public bool HasLeader => Leader != 0;

    /// <summary>The member's own claim. Two members may claim at once: a stalled leader cannot step down.</summary>
    public bool ClaimsLeadership => Leader != 0 && Leader == MemberId;

    /// <summary>Null when the answer has no header: then it says not even who gave it.</summary>
    public static MemberStatus? From(StatusResponse response)
    {
        if (response.Header is not { } header)
        {
            return null;
        }

        return new MemberStatus
        {
            ClusterId = header.ClusterId,
            MemberId = header.MemberId,
            Revision = header.Revision,
            Version = PeerText.Clean(response.Version, PeerText.LongestName),
            Leader = response.Leader,
            Term = response.RaftTerm,
            RaftIndex = response.RaftIndex,
            RaftAppliedIndex = response.RaftAppliedIndex,
            DbSize = response.DbSize,
            DbSizeInUse = response.DbSizeInUse,
            DbSizeQuota = response.DbSizeQuota > 0 ? response.DbSizeQuota : null,
            StorageVersion = response.StorageVersion.Length > 0 ? PeerText.Clean(response.StorageVersion, PeerText.LongestName) : null,
            DowngradeTarget = response.DowngradeInfo is { Enabled: true } downgrade ? PeerText.Clean(downgrade.TargetVersion, PeerText.LongestName) : null,
            IsLearner = response.IsLearner,
            Errors = [.. response.Errors.Take(MostErrors).Select(line => PeerText.Clean(line, PeerText.MaxLength))],
            Alarms = [.. response.Errors.Select(MemberAlarm.Parse).OfType<MemberAlarm>().Distinct().Take(MostAlarms)],
        };
    }
}

/// <summary>
/// One endpoint's answer to Status, and the span in which it was given: it was true at some instant between <see cref="Sent"/> and
/// <see cref="Received"/> (on one monotonic clock, from an arbitrary start).
/// </summary>
internal sealed record MemberSample(string Endpoint, MemberStatus Status, TimeSpan Sent, TimeSpan Received);
