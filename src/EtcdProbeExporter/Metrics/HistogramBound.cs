namespace EtcdProbeExporter.Metrics;

/// <summary>An upper bound and its label value: the text is made once, when the family is registered.</summary>
internal readonly record struct HistogramBound(double Value, string Text);
