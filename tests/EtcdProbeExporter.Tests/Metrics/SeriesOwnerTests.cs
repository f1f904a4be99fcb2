using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class SeriesOwnerTests
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);

    [Fact]
    public void Disposing_an_owner_removes_its_series_from_all_families_and_no_others()
    {
        var counters = _registry.Counter("c_total", "Help.", "endpoint");
        var gauges = _registry.Gauge("g", "Help.", "endpoint");
        var histograms = _registry.Histogram("h", "Help.", [1], "endpoint");
        using var stays = new SeriesOwner();
        var goes = new SeriesOwner();
        counters.With(stays, "a");
        counters.With(goes, "b");
        gauges.With(goes, "b").Set(1);
        histograms.With(goes, "b");
        _registry.Collect().Should().HaveCount(3);

        goes.Dispose();

        _registry.Collect().Should().ContainSingle().Which.Series.Should().ContainSingle().Which.Labels.Values.Should().Equal("a");
    }

    [Fact]
    public void A_handle_outlives_its_series_quietly()
    {
        var owner = new SeriesOwner();
        var counter = _registry.Counter("c_total", "Help.").With(owner);
        owner.Dispose();

        counter.Invoking(c => c.Increment()).Should().NotThrow();

        _registry.Collect().Should().BeEmpty();
    }

    [Fact]
    public void Two_live_owners_cannot_have_the_same_series()
    {
        var family = _registry.Counter("c_total", "Help.", "a", "b");
        using var first = new SeriesOwner();
        using var second = new SeriesOwner();
        family.With(first, "1", "2");

        family.Invoking(f => f.With(second, "1", "2")).Should().Throw<InvalidOperationException>()
            .WithMessage("c_total{a=\"1\",b=\"2\"} already belongs to another live owner.");
    }

    [Fact]
    public void A_series_of_a_disposed_owner_starts_anew_at_zero_under_the_next()
    {
        var time = new FixedTime(DateTimeOffset.UnixEpoch);
        var registry = new MetricRegistry(time);
        var family = registry.Counter("c_total", "Help.");
        var first = new SeriesOwner();
        family.With(first).Increment(5);
        first.Dispose();
        time.Now += TimeSpan.FromHours(1);

        using var second = new SeriesOwner();
        family.With(second);

        var series = registry.Collect()[0].Series[0];
        series.Value.Should().Be(0);
        series.Created.Should().Be(time.Now);
    }

    [Fact]
    public void The_same_owner_gets_the_same_series_again()
    {
        var family = _registry.Counter("c_total", "Help.", "a");
        using var owner = new SeriesOwner();

        family.With(owner, "1").Should().BeSameAs(family.With(owner, "1"));
    }

    [Fact]
    public void Nothing_can_be_made_under_a_disposed_owner()
    {
        var family = _registry.Counter("c_total", "Help.");
        var owner = new SeriesOwner();
        owner.Dispose();
        owner.Dispose();

        family.Invoking(f => f.With(owner)).Should().Throw<ObjectDisposedException>();
        _registry.Collect().Should().BeEmpty();
    }

    [Fact]
    public void An_owner_lives_in_one_registry()
    {
        using var owner = new SeriesOwner();
        _registry.Counter("c_total", "Help.").With(owner);
        var elsewhere = new MetricRegistry(TimeProvider.System).Counter("d_total", "Help.");

        elsewhere.Invoking(f => f.With(owner)).Should().Throw<InvalidOperationException>().WithMessage("d_total{}*another registry*");
    }

    [Fact]
    public void The_number_of_label_values_must_fit()
    {
        var family = _registry.Counter("c_total", "Help.", "a", "b");
        using var owner = new SeriesOwner();

        family.Invoking(f => f.With(owner, "1")).Should().Throw<ArgumentException>()
            .WithMessage("c_total has 2 labels (a, b), got 1 values.*");
        family.Invoking(f => f.With(owner, "1", null!)).Should().Throw<ArgumentException>().WithMessage("c_total: a label value is null.*");
    }

    [Fact]
    public async Task A_scrape_sees_an_owners_series_all_or_not_at_all()
    {
        var first = _registry.Counter("first_total", "Help.");
        var between = _registry.Counter("between_total", "Help.", "n");
        var last = _registry.Counter("last_total", "Help.");
        var numbers = Enumerable.Range(0, 1000).Select(n => $"{n}").ToArray();

        for (var generation = 0; generation < 20; generation++)
        {
            var owner = new SeriesOwner();
            first.With(owner);
            foreach (var n in numbers)
            {
                between.With(owner, n);
            }

            last.With(owner);
            var dispose = Task.Run(owner.Dispose);
            while (!dispose.IsCompleted)
            {
                _registry.Collect().Count.Should().BeOneOf(0, 3);
            }

            await dispose;
            _registry.Collect().Should().BeEmpty();
        }
    }
}
