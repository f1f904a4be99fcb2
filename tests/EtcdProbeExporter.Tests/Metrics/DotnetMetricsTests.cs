using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class DotnetMetricsTests
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);

    [Fact]
    public void A_collection_of_the_oldest_generation_counts_for_all_and_pauses()
    {
        _ = new DotnetMetrics(_registry);
        var before = Values();

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);

        var after = Values();
        foreach (var generation in new[] { "0", "1", "2" })
        {
            after[$"dotnet_gc_collections_total/{generation}"].Should().BeGreaterThan(before[$"dotnet_gc_collections_total/{generation}"]);
        }

        after["dotnet_gc_pause_seconds_total/"].Should().BeGreaterThan(before["dotnet_gc_pause_seconds_total/"]);
    }

    [Fact]
    public void Allocations_are_counted_and_the_heap_has_a_size()
    {
        _ = new DotnetMetrics(_registry);
        var before = Values();

        // Twice what is asserted: the runtime's cheap totals are approximate.
        var block = new byte[20_000_000];

        var after = Values();
        GC.KeepAlive(block);
        after["dotnet_gc_allocated_bytes_total/"].Should().BeGreaterThanOrEqualTo(before["dotnet_gc_allocated_bytes_total/"] + 10_000_000);
        after["dotnet_gc_heap_size_bytes/"].Should().BeGreaterThan(10_000_000);
    }

    private Dictionary<string, double> Values() =>
        _registry.Collect().SelectMany(family => family.Series.Select(series => (family.Name, Series: series)))
            .ToDictionary(entry => $"{entry.Name}/{string.Join('/', entry.Series.Labels.Values)}", entry => entry.Series.Value);
}
