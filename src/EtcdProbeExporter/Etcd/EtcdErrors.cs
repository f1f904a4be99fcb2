namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Error texts of etcd that are matched. The text is the stable key, the gRPC code moved between releases
/// (etcd-io/etcd api/v3rpc/rpctypes/error.go, 3.4 to 3.6).
/// </summary>
internal static class EtcdErrors
{
    public const string NoLeader = "etcdserver: no leader";
    public const string LeaderChanged = "etcdserver: leader changed";
    public const string RequestTimedOut = "etcdserver: request timed out"; // also the start of its "possibly due to" variants
    public const string Stopped = "etcdserver: server stopped";
    public const string UnhealthyCluster = "etcdserver: unhealthy cluster";
    public const string NotCapable = "etcdserver: not capable";
    public const string NotSupportedForLearner = "etcdserver: rpc not supported for learner";
    public const string NoSpace = "etcdserver: mvcc: database space exceeded";
    public const string TooManyRequests = "etcdserver: too many requests";
    public const string Corrupt = "etcdserver: corrupt cluster";
    public const string PermissionDenied = "etcdserver: permission denied";
    public const string AuthFailed = "etcdserver: authentication failed, invalid user ID or password";
    public const string UserEmpty = "etcdserver: user name is empty";
    public const string UserNotFound = "etcdserver: user name not found";
    public const string InvalidAuthToken = "etcdserver: invalid auth token";
    public const string AuthOldRevision = "etcdserver: revision of auth store is old";
    public const string AuthNotEnabled = "etcdserver: authentication is not enabled";
    public const string ClusterIdMismatch = "etcdserver: cluster ID mismatch";
    public const string ProposalDropped = "raft proposal dropped"; // raft's own text, sent as UNKNOWN during a leader transfer
    public const string Compacted = "etcdserver: mvcc: required revision has been compacted";
}
