namespace EtcdProbeExporter.Metrics;

internal sealed class HistogramFamily : SeriesFamily<Histogram>
{
    private readonly double[] _bounds;

    public HistogramFamily(string name, string help, IReadOnlyList<double> bounds, string[] labelNames)
        : base(MetricType.Histogram, name, help, labelNames)
    {
        _bounds = [.. bounds];
        for (var i = 0; i < _bounds.Length; i++)
        {
            if (!double.IsFinite(_bounds[i]) || (i > 0 && _bounds[i] <= _bounds[i - 1]))
            {
                throw new ArgumentException($"the bounds of '{name}' are not finite and ascending at {_bounds[i]}", nameof(bounds));
            }
        }

        Bounds = [.. _bounds.Select(b => new HistogramBound(b, SampleNumber.Bound(b)))];
    }

    /// <summary>Upper bounds, without +Inf, and how they are written.</summary>
    public IReadOnlyList<HistogramBound> Bounds { get; }

    /// <summary>A new series, exposed with all buckets at 0 at once.</summary>
    public Histogram With(SeriesOwner owner, params ReadOnlySpan<string> labelValues) => Add(owner, labelValues, new Histogram(_bounds));

    protected override Sample? Read(LabelSet labels, Histogram series) => new(labels, 0, series.Read());
}
