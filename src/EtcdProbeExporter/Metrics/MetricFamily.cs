using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// A named metric and its live series. Series come and go with their <see cref="SeriesOwner"/>; the family itself stays for ever and
/// is not exposed while it has no series.
/// </summary>
internal abstract class MetricFamily
{
    private readonly Dictionary<LabelSet, Series> _series = [];

    protected MetricFamily(MetricRegistry registry, string name, string help, MetricType type, string[] labelNames)
    {
        Registry = registry;
        Name = name;
        Help = help;
        Type = type;
        LabelNames = [.. labelNames];
        CheckNames();
    }

    public MetricRegistry Registry { get; }

    public string Name { get; }

    public string Help { get; }

    public MetricType Type { get; }

    public ImmutableArray<string> LabelNames { get; }

    /// <summary>The series as a human reads it, for messages: <c>name{label="value"}</c>.</summary>
    public string Describe(LabelSet labels) =>
        $"{Name}{{{string.Join(',', LabelNames.Select((label, i) => $"{label}=\"{labels.Values[i]}\""))}}}";

    /// <exception cref="ArgumentException">Not one value per label name.</exception>
    internal LabelSet LabelsOf(ReadOnlySpan<string> values)
    {
        if (values.Length != LabelNames.Length)
        {
            throw new ArgumentException(
                $"{Name} has {LabelNames.Length} labels ({string.Join(", ", LabelNames)}), got {values.Length} values.", nameof(values));
        }

        if (values.Contains(null!))
        {
            throw new ArgumentException($"{Name}: a label value is null.", nameof(values));
        }

        return new LabelSet(values);
    }

    /// <summary>Must be called under the registry's gate: a scrape sees an owner's series all or not at all.</summary>
    internal void Remove(LabelSet labels) => _series.Remove(labels);

    /// <summary>Must be called under the registry's gate.</summary>
    /// <exception cref="InvalidOperationException">A collector set a series that a live handle exposes as well.</exception>
    internal FamilySnapshot Capture(IEnumerable<SeriesSnapshot> collected)
    {
        var samples = ImmutableArray.CreateBuilder<SeriesSnapshot>(_series.Count);
        foreach (var series in _series.Values)
        {
            if (series.Capture() is { } sample)
            {
                samples.Add(sample);
            }
        }

        samples.AddRange(collected);
        samples.Sort(static (left, right) => LabelSet.Compare(left.Labels, right.Labels));
        for (var i = 1; i < samples.Count; i++)
        {
            if (samples[i].Labels.Equals(samples[i - 1].Labels))
            {
                throw new InvalidOperationException($"{Describe(samples[i].Labels)} is set by a collector and by a live handle.");
            }
        }

        return new FamilySnapshot(Name, Help, Type, LabelNames, samples.DrainToImmutable());
    }

    /// <summary>The owner's series of these labels: made at the first call, the same one afterwards.</summary>
    protected Series Attach(SeriesOwner owner, ReadOnlySpan<string> labelValues)
    {
        ArgumentNullException.ThrowIfNull(owner);
        var labels = LabelsOf(labelValues);
        lock (Registry.Gate)
        {
            if (_series.TryGetValue(labels, out var existing))
            {
                return existing.Owner == owner
                    ? existing
                    : throw new InvalidOperationException($"{Describe(labels)} already belongs to another live owner.");
            }

            var series = Create(labels, owner);
            owner.Adopt(this, labels);
            _series.Add(labels, series);
            return series;
        }
    }

    protected abstract Series Create(LabelSet labels, SeriesOwner owner);

    private void CheckNames()
    {
        if (!MetricNames.IsMetricName(Name))
        {
            throw new ArgumentException($"'{Name}' is not a metric name.");
        }

        // OpenMetrics knows no counter without the suffix.
        if (Type == MetricType.Counter && (!Name.EndsWith("_total", StringComparison.Ordinal) || Name == "_total"))
        {
            throw new ArgumentException($"{Name}: the name of a counter ends in _total.");
        }

        foreach (var label in LabelNames)
        {
            if (!MetricNames.IsLabelName(label))
            {
                throw new ArgumentException($"{Name}: '{label}' is not a label name.");
            }

            if (Type == MetricType.Histogram && label == "le")
            {
                throw new ArgumentException($"{Name}: the label le belongs to the buckets of a histogram.");
            }
        }

        if (LabelNames.Distinct(StringComparer.Ordinal).Count() != LabelNames.Length)
        {
            throw new ArgumentException($"{Name}: a label name occurs twice.");
        }
    }
}
