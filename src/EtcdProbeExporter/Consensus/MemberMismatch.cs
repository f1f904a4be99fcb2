namespace EtcdProbeExporter.Consensus;

/// <summary>How the probed endpoints and the member list differ; each a list of names for people, and its length is the metric.</summary>
internal sealed record MemberMismatch
{
    /// <summary>Endpoints whose member the list does not have: removed and still running, or not yet known to the others.</summary>
    public required IReadOnlyList<string> NotInMemberList { get; init; }

    /// <summary>Members that no endpoint reaches.</summary>
    public required IReadOnlyList<string> NotProbed { get; init; }

    /// <summary>Endpoints beyond the first that lead to the same member.</summary>
    public required IReadOnlyList<string> DuplicateMember { get; init; }

    /// <summary>Endpoints that answer for another cluster.</summary>
    public required IReadOnlyList<string> ForeignCluster { get; init; }

    public bool Any => NotInMemberList.Count + NotProbed.Count + DuplicateMember.Count + ForeignCluster.Count > 0;
}
