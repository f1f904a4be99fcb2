namespace EtcdProbeExporter.Campaign.Clusters;

/// <summary>How a cluster lets clients in.</summary>
internal enum Security
{
    Plain,

    /// <summary>Client certificates demanded.</summary>
    Tls,

    /// <summary>Passwords demanded; the exporter's user may use its prefix only.</summary>
    Auth,
}

/// <summary>What a cluster is made of. Drawn from the seed before anything is started.</summary>
/// <param name="Releases">One per member.</param>
/// <param name="Security">How clients are let in.</param>
/// <param name="Namespaced">Members have networks of their own, that can be cut.</param>
/// <param name="Arguments">Further arguments of every member.</param>
internal sealed record ClusterPlan(IReadOnlyList<string> Releases, Security Security, bool Namespaced, IReadOnlyList<string> Arguments)
{
    public int Members => Releases.Count;

    public override string ToString() =>
        $"{Members} members of etcd {string.Join(", ", Releases.Distinct())}, {Security.ToString().ToLowerInvariant()}{(Namespaced ? ", in namespaces" : "")}";
}
