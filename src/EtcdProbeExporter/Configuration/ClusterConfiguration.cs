namespace EtcdProbeExporter.Configuration;

/// <summary>One cluster to probe. Equal by content, so that a reload can leave an unchanged cluster running.</summary>
internal sealed record ClusterConfiguration
{
    /// <summary>Value of the <c>etcd_cluster</c> label; unique among the clusters.</summary>
    public required string Name { get; init; }

    /// <summary>Never empty; labels are unique within the cluster.</summary>
    public required IReadOnlyList<EndpointAddress> Endpoints { get; init; }

    /// <summary>Also probe client URLs that the member list advertises.</summary>
    public bool Discover { get; init; } = ClusterSettings.Discover.Default;

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

internal static class ClusterSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ClusterSetting<string> Name = Rows.Add(new ClusterSetting<string>
    {
        Path = "name",
        Form = ValueForms.Name,
        Default = "default",
        Help = "value of the etcd_cluster label, by which clusters are told apart",
        Get = cluster => cluster.Name,
        Set = (cluster, name) => cluster with { Name = name },
    });

    public static readonly EndpointsSetting Endpoints = Rows.Add(new EndpointsSetting
    {
        Path = "endpoints",
        Flag = "--endpoints",
        Variable = "ETCDCTL_ENDPOINTS",
        Help = "host:port or URLs, comma separated, may be repeated; without a scheme http, or https when a certificate option is given",
    });

    public static readonly ClusterSetting<bool> Discover = Rows.Add(new ClusterSetting<bool>
    {
        Path = "discover",
        Form = ValueForms.Switch,
        Default = false,
        Help = "also probe the client addresses that the member list names",
        Get = cluster => cluster.Discover,
        Set = (cluster, discover) => cluster with { Discover = discover },
    });

    public static readonly ClusterSetting<string?> MetricsUrl = Rows.Add(new ClusterSetting<string?>
    {
        Path = "metrics_url",
        Form = MetricsUrlTemplate.Form,
        Default = null,
        DefaultInWords = "/metrics at the client address",
        Help = "where the members serve their own metrics, {host} standing for each one's host; only where etcd has --listen-metrics-urls",
        Get = cluster => cluster.MetricsUrl,
        Set = (cluster, url) => cluster with { MetricsUrl = url },
    });

    /// <summary>The result means something only when no error was found.</summary>
    public static ClusterConfiguration Build(Draft draft, NamedFiles files, Findings findings)
    {
        var cluster = new ClusterConfiguration { Name = Name.Default, Endpoints = [] };
        foreach (var setting in Settings.OfCluster)
        {
            cluster = setting.Apply(cluster, draft, files, findings);
        }

        TlsSettings.Check(cluster, draft, findings);
        ProbeSettings.Check(cluster, draft, findings);
        return AuthSettings.Check(cluster, draft, findings);
    }
}
