using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class MetricRegistryTests : IDisposable
{
    private readonly MetricRegistry _registry = new(TimeProvider.System);
    private readonly SeriesOwner _owner = new();

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void Families_come_out_in_the_order_of_registration()
    {
        var second = _registry.Gauge("a", "Second in the alphabet's despite.");
        var first = _registry.Gauge("z", "Registered later.");
        first.With(_owner).Set(1);
        second.With(_owner).Set(1);

        _registry.Collect().Select(family => family.Name).Should().Equal("a", "z");
    }

    [Fact]
    public void Series_come_out_in_the_order_of_their_label_values()
    {
        var family = _registry.Counter("x_total", "Help.", "a", "b");
        family.With(_owner, "2", "1");
        family.With(_owner, "1", "2");
        family.With(_owner, "1", "1");

        _registry.Collect()[0].Series.Select(series => string.Join('/', series.Labels.Values)).Should().Equal("1/1", "1/2", "2/1");
    }

    [Fact]
    public void A_family_without_series_is_left_out()
    {
        _registry.Counter("x_total", "Help.");

        _registry.Collect().Should().BeEmpty();
    }

    [Fact]
    public void A_name_is_registered_once()
    {
        _registry.Gauge("x", "Help.");

        Refused(() => _registry.Gauge("x", "Help.")).Should().Be("x: the name x is already registered.");
    }

    [Theory]
    [InlineData("h_bucket")]
    [InlineData("h_sum")]
    [InlineData("h_count")]
    public void A_name_that_a_histogram_uses_for_its_samples_is_taken(string name)
    {
        _registry.Histogram("h", "Help.", [1]);

        Refused(() => _registry.Gauge(name, "Help.")).Should().Be($"{name}: the name {name} is already registered.");
    }

    [Fact]
    public void A_histogram_cannot_take_the_name_of_an_existing_family_for_its_samples()
    {
        _registry.Gauge("h_count", "Help.");

        Refused(() => _registry.Histogram("h", "Help.", [1])).Should().Be("h: the name h_count is already registered.");
        _registry.Invoking(registry => registry.Gauge("h", "Help.")).Should().NotThrow("a refused family takes no names");
    }

    [Fact]
    public void A_counter_takes_its_OpenMetrics_family_name_as_well()
    {
        _registry.Counter("x_total", "Help.");

        Refused(() => _registry.Gauge("x", "Help.")).Should().Contain("x is already registered");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("a-b")]
    [InlineData("ü")]
    public void An_invalid_metric_name_is_refused(string name) =>
        Refused(() => _registry.Gauge(name, "Help.")).Should().Be($"'{name}' is not a metric name.");

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("a:b")]
    [InlineData("__reserved")]
    public void An_invalid_label_name_is_refused(string label) =>
        Refused(() => _registry.Gauge("x", "Help.", label)).Should().Be($"x: '{label}' is not a label name.");

    [Fact]
    public void A_doubled_label_name_is_refused() =>
        Refused(() => _registry.Gauge("x", "Help.", "a", "a")).Should().Be("x: a label name occurs twice.");

    [Theory]
    [InlineData("x")]
    [InlineData("_total")]
    public void A_counter_ends_in_total(string name) =>
        Refused(() => _registry.Counter(name, "Help.")).Should().Be($"{name}: the name of a counter ends in _total.");

    [Fact]
    public void Le_is_refused_on_a_histogram_only()
    {
        Refused(() => _registry.Histogram("h", "Help.", [1], "le")).Should().StartWith("h: the label le");
        _registry.Invoking(registry => registry.Gauge("g", "Help.", "le")).Should().NotThrow();
    }

    [Theory]
    [InlineData(new double[] { })]
    [InlineData(new[] { 2d, 1d })]
    [InlineData(new[] { 1d, 1d })]
    [InlineData(new[] { 1d, double.NaN })]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { 1d, double.PositiveInfinity })]
    public void Wrong_bounds_are_refused(double[] bounds) =>
        Refused(() => _registry.Histogram("h", "Help.", bounds)).Should().StartWith("h: ").And.Contain("bound");

    private static string Refused(Action register) => register.Should().Throw<ArgumentException>().Which.Message;
}
