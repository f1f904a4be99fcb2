namespace EtcdProbeExporter.Configuration;

/// <summary>Everything the exporter was told: validated, defaults filled in, immutable. A reload builds a new one.</summary>
internal sealed record ExporterConfiguration
{
    public required IReadOnlyList<ClusterConfiguration> Clusters { get; init; }

    public required WebConfiguration Web { get; init; }

    public required LogConfiguration Log { get; init; }
}
