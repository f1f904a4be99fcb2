using System.Globalization;

namespace EtcdProbeExporter.Metrics;

/// <summary>What the garbage collector does to this process: a probe that overlaps a pause measures the pause.</summary>
internal sealed class DotnetMetrics
{
    private static readonly string[] Generations =
        [.. Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation => generation.ToString(CultureInfo.InvariantCulture))];

    private readonly CounterFamily _collections;
    private readonly CounterFamily _pause;
    private readonly GaugeFamily _heap;
    private readonly CounterFamily _allocated;

    /// <summary>Registers the families and the collector.</summary>
    public DotnetMetrics(MetricRegistry registry)
    {
        _collections = registry.Counter(
            "dotnet_gc_collections_total",
            "Garbage collections that covered the generation; a collection of a generation covers all younger ones.",
            "generation");
        _pause = registry.Counter("dotnet_gc_pause_seconds_total", "Time in which garbage collection stopped all threads.");
        _heap = registry.Gauge("dotnet_gc_heap_size_bytes", "Managed memory in use, garbage that is not yet collected included.");
        _allocated = registry.Counter("dotnet_gc_allocated_bytes_total", "Managed memory allocated since the start of the process.");
        registry.AddCollector(Collect);
    }

    private void Collect(ScrapeSink sink)
    {
        for (var generation = 0; generation < Generations.Length; generation++)
        {
            // Not made exclusive by subtraction: a collection between two reads would let the difference fall, a false counter reset.
            sink.Set(_collections, GC.CollectionCount(generation), Generations[generation]);
        }

        sink.Set(_pause, GC.GetTotalPauseDuration().TotalSeconds);
        sink.Set(_heap, GC.GetTotalMemory(forceFullCollection: false));
        sink.Set(_allocated, GC.GetTotalAllocatedBytes(precise: false));
    }
}
