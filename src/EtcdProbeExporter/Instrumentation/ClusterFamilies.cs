using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The families that describe probes of a cluster as a whole: over all endpoints, with failover.</summary>
internal sealed class ClusterFamilies(MetricRegistry registry)
{
    public CounterFamily Attempts { get; } = registry.Counter(
        "etcd_probe_cluster_attempts_total",
        "Cluster probes that were started and have ended, well or not: counted when they end. One probe may ask several endpoints. What a pause of the exporter made worthless is skipped, not attempted.",
        Label.Cluster, Label.Operation);

    public CounterFamily Failures { get; } = registry.Counter(
        "etcd_probe_cluster_failures_total",
        "Started cluster probes that no endpoint served within the probe timeout, by the most telling reason that an endpoint gave.",
        Label.Cluster, Label.Operation, Label.Reason);

    public CounterFamily Skipped { get; } = registry.Counter(
        "etcd_probe_cluster_skipped_total",
        "Cluster probe slots that were due and not started: in_flight, the previous probe still ran; alarm or quota_guard, a write was held back; paused, the exporter itself stood still when it was due or while its probe was under way.",
        Label.Cluster, Label.Operation, Label.Reason);

    public HistogramFamily Duration { get; } = registry.Histogram(
        "etcd_probe_cluster_duration_seconds",
        "Time from handing the request to the connection to the complete answer, of successful cluster probes only, of the call that was served: how long another endpoint was waited for before is not part of it.",
        EndpointFamilies.DurationBounds,
        Label.Cluster, Label.Operation);

    public GaugeFamily Success { get; } = registry.Gauge(
        "etcd_probe_cluster_success",
        "Whether the newest ended cluster probe succeeded through some endpoint: 1 or 0.",
        Label.Cluster, Label.Operation);

    public GaugeFamily LastSuccess { get; } = registry.Gauge(
        "etcd_probe_cluster_last_success_timestamp_seconds",
        "Unix time at which the newest successful cluster probe ended. Absent before the first success.",
        Label.Cluster, Label.Operation);

    public GaugeFamily Writable { get; } = registry.Gauge(
        "etcd_probe_cluster_writable",
        "Whether some endpoint, or the cluster probe, acknowledged a write within the last interval and timeout: 1 or 0. Absent when writes are switched off, or held back so that nobody was asked.",
        Label.Cluster);

    public GaugeFamily LeaderInfo { get; } = registry.Gauge(
        "etcd_probe_cluster_leader_info",
        "1 for the leader that a quorum names; leader_endpoint is empty when it is not probed or does not answer. Absent when there is none.",
        Label.Cluster, "leader_id", "leader_name", "leader_endpoint");

    public GaugeFamily HasLeader { get; } = Gauge(registry, "has_leader", "Whether a quorum names one leader: 1 or 0; 0 too when no member of a known cluster answers. Absent where voters that answer and do not tell their status, to us or now, could make up a quorum.");

    public GaugeFamily RaftTerm { get; } = Gauge(registry, "raft_term", "Highest raft term that any member shows.");

    public CounterFamily LeaderChanges { get; } = registry.Counter(
        "etcd_probe_cluster_leader_changes_total",
        "How often a quorum was seen to name another leader than the one it named before; losing a leader and getting the same back is none.",
        Label.Cluster);

    public CounterFamily TermChanges { get; } = registry.Counter(
        "etcd_probe_cluster_term_changes_total",
        "How often the highest term of the cluster was seen to rise; several elections between two looks count once.",
        Label.Cluster);

    public CounterFamily LeaderlessSeconds { get; } = registry.Counter(
        "etcd_probe_cluster_leaderless_seconds_total",
        "Time for which members answered and no quorum of them named a leader.",
        Label.Cluster);

    public GaugeFamily LeadersClaimed { get; } = Gauge(registry, "leaders_claimed", "Members that claim to be the leader, each by its newest status.");

    public GaugeFamily LeadersClaimedInMaxTerm { get; } = Gauge(
        registry, "leaders_claimed_in_max_term", "Members that claim to be the leader and show the highest term of all.");

    public GaugeFamily LeaderViews { get; } = Gauge(registry, "leader_views", "Different leaders that members name; those that see none do not count.");

    public GaugeFamily ClusterIds { get; } = Gauge(registry, "cluster_ids", "Different cluster ids that the endpoints answer with.");

    public GaugeFamily MemberListViews { get; } = Gauge(registry, "member_list_views", "Different member lists that the members have.");

    public GaugeFamily TermSpread { get; } = Gauge(registry, "term_spread", "Difference between the highest and the lowest term that members show.");

    public GaugeFamily RevisionSpread { get; } = Gauge(
        registry, "revision_spread", "Difference between the highest and the lowest revision of members; they are not asked at one instant.");

    public GaugeFamily SplitBrain { get; } = registry.Gauge(
        "etcd_probe_cluster_split_brain",
        "1 for the debounced verdict on who leads, 0 for the others: none, stale_leader, suspected, confirmed.",
        Label.Cluster, "state");

    public GaugeFamily Members { get; } = registry.Gauge(
        "etcd_probe_cluster_members",
        "Members in the member list, by role: voter or learner. Absent while no member tells its list.",
        Label.Cluster, "role");

    public GaugeFamily MembersHealthy { get; } = Gauge(registry, "members_healthy", "Voting members whose endpoint is in state healthy.");

    public GaugeFamily MembersAnswering { get; } = Gauge(
        registry, "members_answering", "Voting members whose process answers anything; quorum size less this is how many must come back for a quorum.");

    public GaugeFamily QuorumSize { get; } = Gauge(registry, "quorum_size", "Voting members that must agree for a write.");

    public GaugeFamily FailureTolerance { get; } = Gauge(
        registry,
        "failure_tolerance",
        "Voters that can take part in a quorum less the quorum: how many more may fail; negative: so many are missing. Absent while some voter is not probed.");

    public GaugeFamily MemberMismatch { get; } = registry.Gauge(
        "etcd_probe_cluster_member_mismatch",
        "How many endpoints or members do not match the member list: not_in_member_list, not_probed (voters), learner_not_probed, never_started, learner_disagrees, duplicate_member, foreign_cluster.",
        Label.Cluster, "kind");

    public CounterFamily Violations { get; } = registry.Counter(
        "etcd_probe_consistency_violations_total",
        "Broken promises of consistency that were seen, by kind. A timed-out write is unknown, and never counts as lost.",
        Label.Cluster, "kind");

    private static GaugeFamily Gauge(MetricRegistry registry, string name, string help) =>
        registry.Gauge("etcd_probe_cluster_" + name, help, Label.Cluster);
}
