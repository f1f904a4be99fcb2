namespace EtcdProbeExporter.Metrics;

/// <summary>The value of one series at the scrape; of a histogram, in <paramref name="Histogram"/>.</summary>
internal sealed record Sample(LabelSet Labels, double Value, HistogramValue? Histogram = null);
