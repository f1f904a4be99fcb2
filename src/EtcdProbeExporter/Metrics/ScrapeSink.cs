namespace EtcdProbeExporter.Metrics;

/// <summary>
/// Takes values that exist only at the scrape. What is not set is absent, so nothing outlives what it describes.
/// </summary>
internal sealed class ScrapeSink
{
    private readonly Dictionary<MetricFamily, OrderedDictionary<LabelSet, Sample>> _samples = [];

    public void Set(GaugeFamily family, double value, params ReadOnlySpan<string> labelValues) => Add(family, value, labelValues);

    public void Set(CounterFamily family, double value, params ReadOnlySpan<string> labelValues) => Add(family, value, labelValues);

    internal IEnumerable<Sample> Of(MetricFamily family) =>
        _samples.TryGetValue(family, out var samples) ? samples.Values : Enumerable.Empty<Sample>();

    private void Add(MetricFamily family, double value, ReadOnlySpan<string> labelValues)
    {
        var labels = family.Labels(labelValues);
        if (!_samples.TryGetValue(family, out var samples))
        {
            _samples[family] = samples = [];
        }

        if (!samples.TryAdd(labels, new Sample(labels, value)))
        {
            throw new InvalidOperationException($"'{family.Name}' {{{labels}}} was set twice in one scrape");
        }
    }
}
