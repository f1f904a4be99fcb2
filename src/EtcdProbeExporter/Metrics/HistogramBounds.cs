using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>The finite upper bounds of a classic histogram, ascending, and their <c>le</c> texts; <c>+Inf</c> is implied.</summary>
internal sealed class HistogramBounds
{
    private readonly byte[][] _labels;

    /// <exception cref="ArgumentException">No bounds, or not finite, or not strictly ascending.</exception>
    public HistogramBounds(IReadOnlyList<double> bounds)
    {
        UpperBounds = [.. bounds];
        if (UpperBounds.IsEmpty)
        {
            throw new ArgumentException("a histogram needs at least one bound", nameof(bounds));
        }

        for (var i = 0; i < UpperBounds.Length; i++)
        {
            if (!double.IsFinite(UpperBounds[i]) || (i > 0 && UpperBounds[i] <= UpperBounds[i - 1]))
            {
                throw new ArgumentException("bounds must be finite and ascend strictly; +Inf is implied", nameof(bounds));
            }
        }

        _labels = [.. UpperBounds.Select(GoFloat.FormatBound)];
    }

    public ImmutableArray<double> UpperBounds { get; }

    /// <summary>The <c>le</c> label value of a bound in OpenMetrics' canonical form, which no Prometheus version rewrites.</summary>
    public ReadOnlySpan<byte> LabelOf(int bound) => _labels[bound];
}
