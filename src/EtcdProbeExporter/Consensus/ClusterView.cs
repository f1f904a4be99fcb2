using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// The cluster as its members report it at one moment, put together: raw facts, not yet a verdict. Everything but <see cref="ClusterIds"/>
/// and <see cref="Mismatch"/> speaks of the main cluster only, the one that most endpoints answer for.
/// </summary>
internal sealed record ClusterView
{
    /// <summary>Distinct ids over all endpoints that answer.</summary>
    public required IReadOnlyList<ulong> ClusterIds { get; init; }

    /// <summary>The id of the main cluster; null when nobody answers.</summary>
    public required ulong? MainClusterId { get; init; }

    /// <summary>The newest sample of each distinct member of the main cluster.</summary>
    public required IReadOnlyList<MemberSample> Members { get; init; }

    /// <summary>The list that most members have, or had when one was last reported; null when none ever was.</summary>
    public required IReadOnlyList<ClusterMember>? MemberList { get; init; }

    /// <summary>Number of different member lists (ids, roles, client addresses).</summary>
    public required int MemberListViews { get; init; }

    /// <summary>The leader a quorum names, or null.</summary>
    public required AgreedLeader? Leader { get; init; }

    /// <summary>
    /// Whether a quorum names a leader; null where nobody knows, because voters that answer other questions and do not report their status (to us,
    /// or now) could make up a quorum with those that do.
    /// </summary>
    public required bool? HasLeader { get; init; }

    /// <summary>Who says of itself that it leads, by member id.</summary>
    public required IReadOnlyList<LeaderClaim> Claims { get; init; }

    /// <summary>Number of different leaders that members name, themselves included; a member that sees none does not count.</summary>
    public required int LeaderViews { get; init; }

    /// <summary>Highest and lowest visible term; null when nobody answers.</summary>
    public required ulong? MaxTerm { get; init; }

    public required ulong? MinTerm { get; init; }

    public required long? MaxRevision { get; init; }

    public required long? MinRevision { get; init; }

    /// <summary>Members with a vote; null while no member list is known.</summary>
    public required IReadOnlyList<Voter>? Voters { get; init; }

    /// <summary>Number of members without a vote; null while no member list is known.</summary>
    public required int? Learners { get; init; }

    public required MemberMismatch Mismatch { get; init; }

    /// <summary>
    /// How many more voters may fail before writes stop; negative: so many are missing. Null when some voter is not probed, because nobody
    /// knows then.
    /// </summary>
    public required int? FailureTolerance { get; init; }

    /// <summary>Voters whose endpoint is healthy; null while no member list is known.</summary>
    public int? HealthyVoters => Voters?.Count(v => v.State == EndpointState.Healthy);

    /// <summary>Voters whose process answers anything; null while no member list is known.</summary>
    public int? AnsweringVoters => Voters?.Count(v => v.Answers);

    /// <summary>How many voters must agree; null while no member list is known.</summary>
    public int? QuorumSize => Voters is { Count: var voters } ? (voters / 2) + 1 : null;

    public int ClaimsInMaxTerm => Claims.Count(c => c.Term == MaxTerm);
}

/// <summary>
/// What a view needs besides the observations of its round: what cannot have changed unseen, and when rival claims began. Cluster id and
/// membership change only by a quorum's decision, so what was known of them stays true while nobody answers.
/// </summary>
internal sealed record ViewContext
{
    public static readonly ViewContext None = new();

    /// <summary>The id of the cluster that is meant; null while nobody has shown one: then what most endpoints answer with.</summary>
    public ulong? ClusterId { get; init; }

    /// <summary>The member list that was known last; in force while nobody reports one.</summary>
    public IReadOnlyList<ClusterMember>? MemberList { get; init; }

    /// <summary>By member: when the first sample of its present claim to lead was asked for. See <see cref="LeaderVotes"/>.</summary>
    public IReadOnlyDictionary<ulong, TimeSpan> ClaimedSince { get; init; } = new Dictionary<ulong, TimeSpan>();

    /// <summary>Whether writes are acknowledged; null: unknown.</summary>
    public bool? Writable { get; init; }
}
