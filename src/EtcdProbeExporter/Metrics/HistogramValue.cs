namespace EtcdProbeExporter.Metrics;

/// <summary>One reading of a histogram. <paramref name="Cumulative"/> has one entry per bound and a last one for +Inf, equal to the count.</summary>
internal sealed record HistogramValue(IReadOnlyList<ulong> Cumulative, ulong Count, double Sum);
