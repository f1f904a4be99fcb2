using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>A family at one moment, independent of any exposition format. A counter's name includes <c>_total</c>.</summary>
internal sealed record FamilySnapshot(
    string Name,
    string Help,
    MetricType Type,
    ImmutableArray<string> LabelNames,
    ImmutableArray<SeriesSnapshot> Series);
