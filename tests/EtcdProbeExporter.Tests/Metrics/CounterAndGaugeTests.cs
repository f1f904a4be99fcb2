using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class CounterAndGaugeTests : IDisposable
{
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
    private readonly MetricRegistry _registry;
    private readonly SeriesOwner _owner = new();

    public CounterAndGaugeTests() => _registry = new MetricRegistry(_time);

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void A_counter_is_exposed_at_zero_from_the_start_with_its_creation_time()
    {
        _registry.Counter("c_total", "Help.").With(_owner);

        var series = _registry.Collect()[0].Series.Should().ContainSingle().Subject;
        series.Value.Should().Be(0);
        series.Created.Should().Be(_time.Now);
    }

    [Fact]
    public void A_counter_adds_up()
    {
        var counter = _registry.Counter("c_total", "Help.").With(_owner);
        counter.Increment();
        counter.Increment(0.5);
        counter.Increment(0);

        counter.Value.Should().Be(1.5);
        _registry.Collect()[0].Series[0].Value.Should().Be(1.5);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_counter_refuses_what_is_not_growth(double by)
    {
        var counter = _registry.Counter("c_total", "Help.").With(_owner);

        counter.Invoking(c => c.Increment(by)).Should().Throw<ArgumentOutOfRangeException>();
        counter.Value.Should().Be(0);
    }

    [Fact]
    public async Task Concurrent_increments_are_all_counted()
    {
        var counter = _registry.Counter("c_total", "Help.").With(_owner);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                counter.Increment();
            }
        })));

        counter.Value.Should().Be(200_000);
    }

    [Fact]
    public void A_gauge_is_absent_until_set_and_after_clear()
    {
        var gauge = _registry.Gauge("g", "Help.").With(_owner);
        _registry.Collect().Should().BeEmpty();

        gauge.Set(-3);
        _registry.Collect()[0].Series[0].Value.Should().Be(-3);

        gauge.Clear();
        _registry.Collect().Should().BeEmpty();
    }
}
