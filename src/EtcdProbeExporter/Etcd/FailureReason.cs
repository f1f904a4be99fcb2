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
