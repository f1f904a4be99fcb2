namespace EtcdProbeExporter.Metrics;

/// <summary>
/// Takes the values that exist only at the moment of a scrape. A series that no collector sets is absent from that scrape. One sink
/// serves one scrape and is not safe for concurrent use.
/// </summary>
internal sealed class ScrapeSink(MetricRegistry registry)
{
    private readonly Dictionary<MetricFamily, Dictionary<LabelSet, double>> _values = [];

    /// <exception cref="ArgumentException">Not one value per label name, or a family of another registry.</exception>
    /// <exception cref="InvalidOperationException">The series was already set in this scrape.</exception>
    public void Set(GaugeFamily family, double value, params ReadOnlySpan<string> labelValues) => Add(family, value, labelValues);

    /// <inheritdoc cref="Set(GaugeFamily, double, ReadOnlySpan{string})"/>
    /// <exception cref="ArgumentOutOfRangeException">Negative or NaN.</exception>
    public void Set(CounterFamily family, double value, params ReadOnlySpan<string> labelValues)
    {
        if (double.IsNaN(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{family.Name} is a counter.");
        }

        Add(family, value, labelValues);
    }

    internal IEnumerable<SeriesSnapshot> ValuesOf(MetricFamily family) =>
        _values.TryGetValue(family, out var values)
            ? values.Select(static entry => new SeriesSnapshot(entry.Key, entry.Value, null, null))
            : [];

    private void Add(MetricFamily family, double value, ReadOnlySpan<string> labelValues)
    {
        if (family.Registry != registry)
        {
            throw new ArgumentException($"{family.Name} belongs to another registry.", nameof(family));
        }

        var labels = family.LabelsOf(labelValues);
        if (!_values.TryGetValue(family, out var values))
        {
            _values.Add(family, values = []);
        }

        if (!values.TryAdd(labels, value))
        {
            throw new InvalidOperationException($"{family.Describe(labels)} is set twice in one scrape.");
        }
    }
}
