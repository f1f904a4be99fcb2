using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The families of this process, in the order of their registration. All members may be called from any thread.
/// </summary>
/// <param name="time">Where the creation times of series come from.</param>
internal sealed class MetricRegistry(TimeProvider time)
{
    private readonly List<MetricFamily> _families = [];
    private readonly HashSet<string> _takenNames = new(StringComparer.Ordinal);
    private ImmutableArray<Action<ScrapeSink>> _collectors = [];

    internal TimeProvider Time { get; } = time;

    /// <summary>Guards which families and series exist; never held while user code or I/O runs.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>All families, with or without series, in the order of their registration.</summary>
    public ImmutableArray<MetricFamily> Families
    {
        get
        {
            lock (Gate)
            {
                return [.. _families];
            }
        }
    }

    /// <exception cref="ArgumentException">The name is taken, invalid or without <c>_total</c>, or a label name is invalid.</exception>
    public CounterFamily Counter(string name, string help, params string[] labelNames) =>
        Register(new CounterFamily(this, name, help, labelNames));

    /// <exception cref="ArgumentException">The name is taken or invalid, or a label name is invalid.</exception>
    public GaugeFamily Gauge(string name, string help, params string[] labelNames) =>
        Register(new GaugeFamily(this, name, help, labelNames));

    /// <param name="name">The family's name, without the suffixes of its samples.</param>
    /// <param name="help">What is observed.</param>
    /// <param name="bounds">Finite upper bounds, strictly ascending; <c>+Inf</c> is implied.</param>
    /// <param name="labelNames">Without <c>le</c>.</param>
    /// <exception cref="ArgumentException">The name is taken or invalid, a label name is, or the bounds are.</exception>
    public HistogramFamily Histogram(string name, string help, IReadOnlyList<double> bounds, params string[] labelNames)
    {
        HistogramBounds checkedBounds;
        try
        {
            checkedBounds = new HistogramBounds(bounds);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{name}: {e.Message}", nameof(bounds), e);
        }

        return Register(new HistogramFamily(this, name, help, checkedBounds, labelNames));
    }

    /// <summary>Adds a callback that every scrape runs; scrapes may overlap, so it must be safe for concurrent use.</summary>
    public void AddCollector(Action<ScrapeSink> collect)
    {
        lock (Gate)
        {
            _collectors = _collectors.Add(collect);
        }
    }

    /// <summary>
    /// A picture of all families that have series; those without are left out, so that no format writes metadata of nothing. An
    /// exception of a collector comes out unchanged: half a scrape would look like series that disappeared.
    /// </summary>
    public IReadOnlyList<FamilySnapshot> Collect()
    {
        ImmutableArray<Action<ScrapeSink>> collectors;
        lock (Gate)
        {
            collectors = _collectors;
        }

        var sink = new ScrapeSink(this);
        foreach (var collect in collectors)
        {
            collect(sink);
        }

        var snapshots = new List<FamilySnapshot>();
        lock (Gate)
        {
            foreach (var family in _families)
            {
                var snapshot = family.Capture(sink.ValuesOf(family));
                if (!snapshot.Series.IsEmpty)
                {
                    snapshots.Add(snapshot);
                }
            }
        }

        return snapshots;
    }

    private TFamily Register<TFamily>(TFamily family)
        where TFamily : MetricFamily
    {
        lock (Gate)
        {
            var names = MetricNames.TakenBy(family.Name, family.Type).ToArray();
            foreach (var name in names)
            {
                if (_takenNames.Contains(name))
                {
                    throw new ArgumentException($"{family.Name}: the name {name} is already registered.");
                }
            }

            _takenNames.UnionWith(names);
            _families.Add(family);
        }

        return family;
    }
}
