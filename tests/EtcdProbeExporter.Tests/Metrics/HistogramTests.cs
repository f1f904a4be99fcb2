using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class HistogramTests : IDisposable
{
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
    private readonly MetricRegistry _registry;
    private readonly SeriesOwner _owner = new();
    private readonly Histogram _histogram;

    public HistogramTests()
    {
        _registry = new MetricRegistry(_time);
        _histogram = _registry.Histogram("h", "Help.", [1, 2, 5]).With(_owner);
    }

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void It_is_exposed_empty_from_the_start_with_its_creation_time()
    {
        Snapshot().Should().BeEquivalentTo(new { Count = 0ul, Sum = 0d, CumulativeCounts = new[] { 0ul, 0ul, 0ul } });
        _registry.Collect()[0].Series[0].Created.Should().Be(_time.Now);
    }

    [Fact]
    public void A_value_on_a_bound_belongs_to_that_bucket()
    {
        _histogram.Observe(2);

        Snapshot().CumulativeCounts.Should().Equal(0, 1, 1);
    }

    [Fact]
    public void Counts_are_cumulative_and_values_above_all_bounds_are_only_in_the_count()
    {
        foreach (var value in new[] { -1, 0.5, 1.5, 4, 100, double.PositiveInfinity })
        {
            _histogram.Observe(value);
        }

        var snapshot = Snapshot();
        snapshot.CumulativeCounts.Should().Equal(2, 3, 4);
        snapshot.Count.Should().Be(6);
        snapshot.Sum.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void NaN_changes_only_count_and_sum()
    {
        _histogram.Observe(1);
        _histogram.Observe(double.NaN);

        var snapshot = Snapshot();
        snapshot.CumulativeCounts.Should().Equal(1, 1, 1);
        snapshot.Count.Should().Be(2);
        snapshot.Sum.Should().Be(double.NaN);
    }

    [Fact]
    public void A_snapshot_does_not_change_afterwards()
    {
        var before = Snapshot();
        _histogram.Observe(1);

        before.CumulativeCounts.Should().Equal(0, 0, 0);
        before.Count.Should().Be(0);
    }

    [Fact]
    public async Task Count_sum_and_buckets_of_one_snapshot_always_agree()
    {
        const int PerWriter = 200_000;
        var writers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < PerWriter; i++)
            {
                _histogram.Observe(1);
            }
        })).ToArray();

        // Every value is 1: in any consistent state the sum and the lowest bucket both equal the count.
        var writing = Task.WhenAll(writers);
        do
        {
            var seen = Snapshot();
            if (seen.Sum != seen.Count || seen.CumulativeCounts.Any(count => count != seen.Count))
            {
                Assert.Fail($"torn: count {seen.Count}, sum {seen.Sum}, buckets {string.Join(' ', seen.CumulativeCounts)}");
            }
        }
        while (!writing.IsCompleted);

        await writing;
        Snapshot().Count.Should().Be(3 * PerWriter);
    }

    private HistogramSnapshot Snapshot() => _registry.Collect()[0].Series[0].Histogram!;
}
