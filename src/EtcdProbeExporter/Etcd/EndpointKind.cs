namespace EtcdProbeExporter.Etcd;

/// <summary>What is behind an endpoint; the values of the label <c>kind</c>.</summary>
internal enum EndpointKind
{
    /// <summary>One member of an etcd cluster, always the same.</summary>
    Member,

    /// <summary>A TCP gateway or load balancer: leads to another member from one connection to the next.</summary>
    Gateway,

    /// <summary>A gRPC proxy: any member may answer any call, and the member list is the proxy's own.</summary>
    Proxy,

    /// <summary>It speaks etcd's API, and has neither ids nor terms: kine.</summary>
    Compatible,
}

/// <summary>Labels and words for kinds.</summary>
internal static class EndpointKinds
{
    public static string Label(this EndpointKind kind) => kind switch
    {
        EndpointKind.Member => "member",
        EndpointKind.Gateway => "gateway",
        EndpointKind.Proxy => "proxy",
        EndpointKind.Compatible => "compatible",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind"),
    };

    /// <summary>
    /// Whether what it says is said by one member: only then does it speak of leaders, quorum, membership and consistency. Until it is
    /// recognised (null), it is taken for a member.
    /// </summary>
    public static bool SpeaksForAMember(this EndpointKind? kind) => kind is not (EndpointKind.Proxy or EndpointKind.Compatible);

    /// <summary>What it is, and what that means for what can be told; empty for a member.</summary>
    public static string Explain(this EndpointKind kind) => kind switch
    {
        EndpointKind.Gateway =>
            "is a TCP gateway or load balancer, it leads to another member from one connection to the next: what it says counts for the member it leads to now",
        EndpointKind.Proxy =>
            "is no member but a gRPC proxy: its success and latency are measured; of leaders, quorum, membership and consistency only the members' own addresses can tell",
        EndpointKind.Compatible =>
            "is no member of etcd but a server that speaks its API, such as kine: its success and latency are measured; it has no leader, quorum or consistency to judge",
        _ => "",
    };
}
