namespace EtcdProbeExporter.Metrics;

/// <summary>A metric name with all its series.</summary>
internal abstract class MetricFamily
{
    private readonly string[] _labelNames;

    protected MetricFamily(MetricType type, string name, string help, string[] labelNames)
    {
        MetricNames.Check(type, name, labelNames);
        Type = type;
        Name = name;
        Help = help;
        _labelNames = labelNames;
    }

    public MetricType Type { get; }

    public string Name { get; }

    public string Help { get; }

    public IReadOnlyList<string> LabelNames => _labelNames;

    /// <summary>The samples of all series that have a value now.</summary>
    public abstract IEnumerable<Sample> Samples();

    internal LabelSet Labels(ReadOnlySpan<string> values) => values.Length == _labelNames.Length
        ? new LabelSet(values.ToArray())
        : throw new ArgumentException($"'{Name}' has {_labelNames.Length} labels, {values.Length} values were given");
}
