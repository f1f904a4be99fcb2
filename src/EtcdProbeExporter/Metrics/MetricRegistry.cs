namespace EtcdProbeExporter.Metrics;

/// <summary>All families of one process, in the order in which they were registered. Safe for use by many threads.</summary>
internal sealed class MetricRegistry
{
    private readonly Lock _lock = new();
    private readonly List<MetricFamily> _families = [];
    private readonly List<Action<ScrapeSink>> _collectors = [];

    public CounterFamily Counter(string name, string help, params string[] labelNames) => Register(new CounterFamily(name, help, labelNames));

    public GaugeFamily Gauge(string name, string help, params string[] labelNames) => Register(new GaugeFamily(name, help, labelNames));

    public HistogramFamily Histogram(string name, string help, IReadOnlyList<double> bounds, params string[] labelNames) =>
        Register(new HistogramFamily(name, help, bounds, labelNames));

    /// <summary>Adds a source of values that exist only at the scrape. It runs in every scrape, perhaps in two at once.</summary>
    public void AddCollector(Action<ScrapeSink> collect)
    {
        lock (_lock)
        {
            _collectors.Add(collect);
        }
    }

    /// <summary>Everything there is now. A family without samples is left out. Throws what a collector throws.</summary>
    public IReadOnlyList<FamilySnapshot> Collect()
    {
        MetricFamily[] families;
        Action<ScrapeSink>[] collectors;
        lock (_lock)
        {
            families = [.. _families];
            collectors = [.. _collectors];
        }

        var sink = new ScrapeSink();
        foreach (var collect in collectors)
        {
            collect(sink);
        }

        var snapshots = new List<FamilySnapshot>(families.Length);
        foreach (var family in families)
        {
            Sample[] samples = [.. family.Samples(), .. sink.Of(family)];
            if (samples.Length > 0)
            {
                var bounds = family is HistogramFamily histogram ? histogram.Bounds : [];
                snapshots.Add(new FamilySnapshot(family.Type, family.Name, family.Help, family.LabelNames, bounds, samples));
            }
        }

        return snapshots;
    }

    private TFamily Register<TFamily>(TFamily family)
        where TFamily : MetricFamily
    {
        lock (_lock)
        {
            if (_families.Exists(f => f.Name == family.Name))
            {
                throw new ArgumentException($"'{family.Name}' is registered already");
            }

            _families.Add(family);
            return family;
        }
    }
}
