using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>
/// The families that repeat what a member says of itself in <c>Status</c>. A member whose newest status probe failed has none of them:
/// an old value would look like a present one.
/// </summary>
internal sealed class MemberFamilies(MetricRegistry registry)
{
    public GaugeFamily Info { get; } = registry.Gauge(
        "etcd_probe_member_info",
        "1 for the member that answers on this endpoint, with its ids (hex), its name in the member list and its version.",
        Label.Cluster, Label.Endpoint, "member_id", "member_name", "version", "cluster_id");

    public GaugeFamily LeaderInfo { get; } = registry.Gauge(
        "etcd_probe_member_leader_info",
        "1 for the leader as this member sees it. Absent when it sees none.",
        Label.Cluster, Label.Endpoint, "leader_id", "leader_name");

    public GaugeFamily IsLeader { get; } = Gauge(registry, "is_leader", "Whether this member claims to be the leader: 1 or 0.");

    public GaugeFamily IsLearner { get; } = Gauge(registry, "is_learner", "Whether this member is a learner, which has no vote: 1 or 0.");

    public GaugeFamily HasLeader { get; } = Gauge(registry, "has_leader", "Whether this member sees a leader: 1 or 0.");

    public GaugeFamily RaftTerm { get; } = Gauge(
        registry, "raft_term", "Raft term of the last entry that this member applied; it stays old on a member that does not apply.");

    public GaugeFamily RaftIndex { get; } = Gauge(registry, "raft_index", "Raft commit index that this member knows of.");

    public GaugeFamily RaftAppliedIndex { get; } = Gauge(registry, "raft_applied_index", "Raft index up to which this member has applied entries.");

    public GaugeFamily Revision { get; } = Gauge(registry, "revision", "Revision of this member's key-value store.");

    public GaugeFamily DbSize { get; } = Gauge(registry, "db_size_bytes", "Size of this member's database file.");

    public GaugeFamily DbSizeInUse { get; } = Gauge(registry, "db_size_in_use_bytes", "Part of this member's database file that is in use.");

    public GaugeFamily DbQuota { get; } = Gauge(
        registry, "db_quota_bytes", "Size at which this member raises the NOSPACE alarm. Absent before etcd 3.6, which does not tell it.");

    public GaugeFamily StorageInfo { get; } = registry.Gauge(
        "etcd_probe_member_storage_info",
        "1, with the version of the layout of this member's database file; it follows the cluster's version in an upgrade or downgrade. Absent before etcd 3.6, which does not tell it.",
        Label.Cluster, Label.Endpoint, "storage_version");

    public GaugeFamily Downgrade { get; } = registry.Gauge(
        "etcd_probe_member_downgrade_info",
        "1 while a downgrade of the cluster is under way according to this member, with the version that it goes to. Absent while there is none, and before etcd 3.6.",
        Label.Cluster, Label.Endpoint, "target_version");

    public CounterFamily TermChanges { get; } = registry.Counter(
        "etcd_probe_member_term_changes_total",
        "How often the term of the member behind this endpoint was seen to be higher than before; several elections between two looks count once.",
        Label.Cluster, Label.Endpoint);

    public GaugeFamily Alarm { get; } = registry.Gauge(
        "etcd_probe_member_alarm",
        "1 for each alarm that is active according to this member; alarm_member_id (hex) is the member it names, 0 when it names none.",
        Label.Cluster, Label.Endpoint, "alarm", "alarm_member_id");

    private static GaugeFamily Gauge(MetricRegistry registry, string name, string help) =>
        registry.Gauge("etcd_probe_member_" + name, help, Label.Cluster, Label.Endpoint);
}
