namespace EtcdProbeExporter.Consensus;

/// <summary>How the probed endpoints and the member list differ; each a list of names for people, and its length is the metric.</summary>
internal sealed record MemberMismatch
{
    /// <summary>Endpoints whose member, now or when it last answered, the list does not have: removed, or not yet known to the others.</summary>
    public required IReadOnlyList<string> NotInMemberList { get; init; }

    /// <summary>Voters that no endpoint leads to.</summary>
    public required IReadOnlyList<string> NotProbed { get; init; }

    /// <summary>Learners that no endpoint leads to.</summary>
    public required IReadOnlyList<string> LearnerNotProbed { get; init; }

    /// <summary>Members that were added and have not started yet: they have neither name nor address.</summary>
    public required IReadOnlyList<string> NeverStarted { get; init; }

    /// <summary>Endpoints whose member says that it is a learner where the list says voter, or the other way round.</summary>
    public required IReadOnlyList<string> LearnerDisagrees { get; init; }

    /// <summary>Endpoints beyond the first that lead to the same member.</summary>
    public required IReadOnlyList<string> DuplicateMember { get; init; }

    /// <summary>Endpoints that answer for another cluster.</summary>
    public required IReadOnlyList<string> ForeignCluster { get; init; }

    /// <summary>Every kind with its label, in the order in which they are published.</summary>
    public IEnumerable<(string Kind, IReadOnlyList<string> Names)> Kinds =>
    [
        ("not_in_member_list", NotInMemberList), ("not_probed", NotProbed), ("learner_not_probed", LearnerNotProbed),
        ("never_started", NeverStarted), ("learner_disagrees", LearnerDisagrees), ("duplicate_member", DuplicateMember),
        ("foreign_cluster", ForeignCluster),
    ];

    public bool Any => Kinds.Any(k => k.Names.Count > 0);
}
