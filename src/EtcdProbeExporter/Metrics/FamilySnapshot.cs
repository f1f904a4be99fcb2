using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>A family at one moment, independent of any exposition format. A counter's name includes <c>_total</c>.</summary>
internal sealed record FamilySnapshot(
    string Name,
    string Help,
    MetricType Type,
    ImmutableArray<string> LabelNames,
    ImmutableArray<SeriesSnapshot> Series);

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Values in the order of the family's label names.</param>
/// <param name="Value">The value of a counter or gauge; the observation count of a histogram.</param>
/// <param name="Histogram">Set exactly for histograms.</param>
/// <param name="Created">When counting began; null for gauges and for values that a collector read elsewhere.</param>
internal sealed record SeriesSnapshot(LabelSet Labels, double Value, HistogramSnapshot? Histogram, DateTimeOffset? Created);

/// <summary>The family types that this exporter uses; stateset and info families are gauges in text 0.0.4.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
