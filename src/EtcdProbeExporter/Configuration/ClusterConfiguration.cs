namespace EtcdProbeExporter.Configuration;

/// <summary>One cluster to probe. Equal by content, so that a reload can leave an unchanged cluster running.</summary>
internal sealed record ClusterConfiguration
{
    /// <summary>Value of the <c>etcd_cluster</c> label; unique among the clusters.</summary>
    public required string Name { get; init; }

    /// <summary>Never empty; labels are unique within the cluster.</summary>
    public required IReadOnlyList<EndpointAddress> Endpoints { get; init; }

    /// <summary>Also probe client URLs that the member list advertises.</summary>
    public bool Discover { get; init; }

    /// <summary>See <see cref="MetricsUrlTemplate"/>; null: the members serve their metrics at their client addresses.</summary>
    public string? MetricsUrl { get; init; }

    public TlsConfiguration Tls { get; init; } = new();

    /// <summary>Absent when the cluster is used without a user.</summary>
    public AuthConfiguration? Auth { get; init; }

    public ProbeConfiguration Probe { get; init; } = new();

    // The generated equality would compare the endpoint list by reference.
    public bool Equals(ClusterConfiguration? other) =>
        other is not null
        && Name == other.Name
        && Endpoints.SequenceEqual(other.Endpoints)
        && Discover == other.Discover
        && MetricsUrl == other.MetricsUrl
        && Tls == other.Tls
        && Auth == other.Auth
        && Probe == other.Probe;

    public override int GetHashCode() => HashCode.Combine(Name, Endpoints.Count, Discover, Tls, Auth, Probe);
}
