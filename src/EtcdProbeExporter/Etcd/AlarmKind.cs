namespace EtcdProbeExporter.Etcd;

/// <summary>etcd's alarms (api/etcdserverpb/rpc.proto, AlarmType). Either one stops all writes to the cluster until disarmed by hand.</summary>
internal enum AlarmKind
{
    NoSpace,
    Corrupt,
}
