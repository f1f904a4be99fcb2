namespace EtcdProbeExporter.Metrics;

/// <summary>A family at one scrape, independent of any format. Never empty. <paramref name="Bounds"/> is empty but for histograms.</summary>
internal sealed record FamilySnapshot(
    MetricType Type,
    string Name,
    string Help,
    IReadOnlyList<string> LabelNames,
    IReadOnlyList<HistogramBound> Bounds,
    IReadOnlyList<Sample> Samples);
