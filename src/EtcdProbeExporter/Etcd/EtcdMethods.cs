using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Every method this program can call. What could change a cluster (members, alarms, leadership, compaction, defragmentation) is not
/// here, and neither is the Alarm query: it costs a raft log entry on a quorum, and <c>Status.errors</c> says the same.
/// </summary>
internal static class EtcdMethods
{
    public static readonly GrpcMethod<PutRequest, PutResponse> Put = new("/etcdserverpb.KV/Put", PutResponse.Parser);

    public static readonly GrpcMethod<RangeRequest, RangeResponse> Range = new("/etcdserverpb.KV/Range", RangeResponse.Parser);

    public static readonly GrpcMethod<TxnRequest, TxnResponse> Txn = new("/etcdserverpb.KV/Txn", TxnResponse.Parser);

    public static readonly GrpcMethod<StatusRequest, StatusResponse> Status =
        new("/etcdserverpb.Maintenance/Status", StatusResponse.Parser);

    public static readonly GrpcMethod<HashKVRequest, HashKVResponse> HashKV =
        new("/etcdserverpb.Maintenance/HashKV", HashKVResponse.Parser);

    public static readonly GrpcMethod<MemberListRequest, MemberListResponse> MemberList =
        new("/etcdserverpb.Cluster/MemberList", MemberListResponse.Parser);

    public static readonly GrpcMethod<WatchRequest, WatchResponse> Watch = new("/etcdserverpb.Watch/Watch", WatchResponse.Parser);

    public static readonly GrpcMethod<AuthenticateRequest, AuthenticateResponse> Authenticate =
        new("/etcdserverpb.Auth/Authenticate", AuthenticateResponse.Parser);
}
