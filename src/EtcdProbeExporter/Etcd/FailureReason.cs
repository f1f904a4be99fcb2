using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>Why a probe failed: the closed set of the label <c>reason</c>. Order is that of the label values in the documentation.</summary>
internal enum FailureReason
{
    Timeout,
    Dns,
    Connect,
    Tls,
    Unauthenticated,
    PermissionDenied,
    NoLeader,
    LeaderChanged,
    NoSpace,
    Corrupt,
    Learner,
    TooManyRequests,
    Unavailable,
    ClusterMismatch,
    Protocol,

    /// <summary>A defect of this program: the probe failed, nothing is known of etcd.</summary>
    Internal,
    Other,
}

/// <summary>gRPC failure to reason, as a pure table, and the label value of each reason.</summary>
internal static class FailureReasons
{
    /// <summary>All reasons, in the order of the enum: counters exist for each of them from the start.</summary>
    public static readonly IReadOnlyList<FailureReason> All = Enum.GetValues<FailureReason>();

    // Matched by the start of the text, because releases append details. First match wins.
    private static readonly (string Text, FailureReason Reason)[] Texts =
    [
        (EtcdErrors.NoLeader, FailureReason.NoLeader),
        (EtcdErrors.LeaderChanged, FailureReason.LeaderChanged),
        (EtcdErrors.ProposalDropped, FailureReason.LeaderChanged),
        (EtcdErrors.RequestTimedOut, FailureReason.Timeout),
        (EtcdErrors.Stopped, FailureReason.Unavailable),
        (EtcdErrors.UnhealthyCluster, FailureReason.Unavailable),
        (EtcdErrors.NotCapable, FailureReason.Unavailable),
        (EtcdErrors.NotSupportedForLearner, FailureReason.Learner),
        (EtcdErrors.NoSpace, FailureReason.NoSpace),
        (EtcdErrors.TooManyRequests, FailureReason.TooManyRequests), // UNKNOWN on the wire: only the text says so
        (EtcdErrors.Corrupt, FailureReason.Corrupt),
        (EtcdErrors.PermissionDenied, FailureReason.PermissionDenied),
        (EtcdErrors.AuthFailed, FailureReason.Unauthenticated),
        (EtcdErrors.UserEmpty, FailureReason.Unauthenticated),
        (EtcdErrors.UserNotFound, FailureReason.Unauthenticated),
        (EtcdErrors.InvalidAuthToken, FailureReason.Unauthenticated),
        (EtcdErrors.AuthOldRevision, FailureReason.Unauthenticated),
        (EtcdErrors.AuthNotEnabled, FailureReason.Unauthenticated),
        (EtcdErrors.ClusterIdMismatch, FailureReason.ClusterMismatch),
    ];

    public static FailureReason Classify(GrpcFailure failure) => failure.Kind switch
    {
        GrpcFailureKind.Deadline => FailureReason.Timeout,
        GrpcFailureKind.Dns => FailureReason.Dns,
        GrpcFailureKind.Connect => FailureReason.Connect,
        GrpcFailureKind.Tls => FailureReason.Tls,
        GrpcFailureKind.ConnectionLost => FailureReason.Unavailable,
        GrpcFailureKind.Reset => FromReset(failure.Status.Code),
        // A proxy's 502, 503 or 504 says that nobody was there; any other HTTP answer says that this is not etcd.
        GrpcFailureKind.Protocol => failure.Status.Code == GrpcStatusCode.Unavailable ? FailureReason.Unavailable : FailureReason.Protocol,
        _ => FromStatus(failure.Status),
    };

    public static string Label(this FailureReason reason) => reason switch
    {
        FailureReason.Timeout => "timeout",
        FailureReason.Dns => "dns",
        FailureReason.Connect => "connect",
        FailureReason.Tls => "tls",
        FailureReason.Unauthenticated => "unauthenticated",
        FailureReason.PermissionDenied => "permission_denied",
        FailureReason.NoLeader => "no_leader",
        FailureReason.LeaderChanged => "leader_changed",
        FailureReason.NoSpace => "no_space",
        FailureReason.Corrupt => "corrupt",
        FailureReason.Learner => "learner",
        FailureReason.TooManyRequests => "too_many_requests",
        FailureReason.Unavailable => "unavailable",
        FailureReason.ClusterMismatch => "cluster_mismatch",
        FailureReason.Protocol => "protocol",
        FailureReason.Internal => "internal",
        FailureReason.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason"),
    };

    private static FailureReason FromStatus(GrpcStatus status)
    {
        foreach (var (text, reason) in Texts)
        {
            if (status.Message.StartsWith(text, StringComparison.Ordinal))
            {
                return reason;
            }
        }

        return status.Code switch
        {
            GrpcStatusCode.DeadlineExceeded => FailureReason.Timeout,
            GrpcStatusCode.Unavailable or GrpcStatusCode.Cancelled => FailureReason.Unavailable,
            GrpcStatusCode.Unauthenticated => FailureReason.Unauthenticated,
            GrpcStatusCode.PermissionDenied => FailureReason.PermissionDenied,
            GrpcStatusCode.DataLoss => FailureReason.Corrupt,
            GrpcStatusCode.Unimplemented or GrpcStatusCode.Internal => FailureReason.Protocol, // an HTTP/2 server that is not etcd
            _ => FailureReason.Other,
        };
    }

    private static FailureReason FromReset(GrpcStatusCode code) => code switch
    {
        GrpcStatusCode.Unavailable or GrpcStatusCode.Cancelled => FailureReason.Unavailable,
        GrpcStatusCode.ResourceExhausted => FailureReason.TooManyRequests,
        _ => FailureReason.Protocol,
    };
}
