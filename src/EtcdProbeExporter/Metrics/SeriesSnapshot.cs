namespace EtcdProbeExporter.Metrics;

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Values in the order of the family's label names.</param>
/// <param name="Value">The value of a counter or gauge; the observation count of a histogram.</param>
/// <param name="Histogram">Set exactly for histograms.</param>
/// <param name="Created">When counting began; null for gauges and for values that a collector read elsewhere.</param>
internal sealed record SeriesSnapshot(LabelSet Labels, double Value, HistogramSnapshot? Histogram, DateTimeOffset? Created);
