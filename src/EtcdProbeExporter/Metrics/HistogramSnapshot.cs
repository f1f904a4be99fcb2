using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>The state of a histogram at one moment.</summary>
/// <param name="Bounds">The finite upper bounds.</param>
/// <param name="CumulativeCounts">Per bound, the observations not above it; the <c>+Inf</c> bucket is <paramref name="Count"/>.</param>
/// <param name="Count">All observations.</param>
/// <param name="Sum">The sum of all observed values.</param>
internal sealed record HistogramSnapshot(HistogramBounds Bounds, ImmutableArray<ulong> CumulativeCounts, ulong Count, double Sum);
