using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class ScrapeSinkTests
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);

    [Fact]
    public void What_a_collector_sets_is_exposed_in_that_scrape_and_absent_when_it_no_longer_sets_it()
    {
        var family = _registry.Gauge("g", "Help.", "a");
        double? known = 7;
        _registry.AddCollector(sink =>
        {
            if (known is { } value)
            {
                sink.Set(family, value, "1");
            }
        });

        var series = _registry.Collect()[0].Series.Should().ContainSingle().Subject;
        series.Value.Should().Be(7);
        series.Labels.Values.Should().Equal("1");

        known = null;
        _registry.Collect().Should().BeEmpty();
    }

    [Fact]
    public void Collected_series_and_handles_live_in_one_family()
    {
        var family = _registry.Counter("c_total", "Help.", "a");
        using var owner = new SeriesOwner();
        family.With(owner, "2").Increment();
        _registry.AddCollector(sink => sink.Set(family, 4, "1"));

        _registry.Collect()[0].Series.Select(series => series.Value).Should().Equal(4, 1);
    }

    [Fact]
    public void Setting_a_series_twice_in_one_scrape_fails()
    {
        var family = _registry.Gauge("g", "Help.", "a");
        _registry.AddCollector(sink => sink.Set(family, 1, "x"));
        _registry.AddCollector(sink => sink.Set(family, 1, "x"));

        _registry.Invoking(r => r.Collect()).Should().Throw<InvalidOperationException>()
            .WithMessage("g{a=\"x\"} is set twice in one scrape.");
    }

    [Fact]
    public void Setting_a_series_that_a_handle_exposes_fails()
    {
        var family = _registry.Gauge("g", "Help.", "a");
        using var owner = new SeriesOwner();
        var handle = family.With(owner, "x");
        _registry.AddCollector(sink => sink.Set(family, 1, "x"));
        _registry.Invoking(r => r.Collect()).Should().NotThrow("the handle exposes nothing yet");

        handle.Set(2);

        _registry.Invoking(r => r.Collect()).Should().Throw<InvalidOperationException>()
            .WithMessage("g{a=\"x\"} is set by a collector and by a live handle.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_counter_refuses_what_no_counter_can_be(double value)
    {
        var family = _registry.Counter("c_total", "Help.");
        _registry.AddCollector(sink => sink.Set(family, value));

        _registry.Invoking(r => r.Collect()).Should().Throw<ArgumentOutOfRangeException>().WithMessage("c_total is a counter.*");
    }

    [Fact]
    public void The_number_of_label_values_must_fit()
    {
        var family = _registry.Gauge("g", "Help.", "a");
        _registry.AddCollector(sink => sink.Set(family, 1));

        _registry.Invoking(r => r.Collect()).Should().Throw<ArgumentException>().WithMessage("g has 1 labels (a), got 0 values.*");
    }

    [Fact]
    public void A_family_of_another_registry_is_refused()
    {
        var stranger = new MetricRegistry(TimeProvider.System).Gauge("g", "Help.");
        _registry.AddCollector(sink => sink.Set(stranger, 1));

        _registry.Invoking(r => r.Collect()).Should().Throw<ArgumentException>().WithMessage("g belongs to another registry.*");
    }
}
