namespace EtcdProbeExporter.Tests.Metrics;

public sealed class ExpositionTextTests
{
    private const string Histogram = "# TYPE h histogram\n";

    [Fact]
    public void Families_and_samples_are_read()
    {
        var read = ExpositionText.Parse("# HELP x Some \\\\ help.\n# TYPE x gauge\nx{a=\"1\",b=\"x,y=\\\"}\"} -1.5e+06\nx{a=\"2\"} NaN\n");

        read.Families.Should().ContainSingle().Which.Help.Should().Be("Some \\ help.");
        read.Samples("x").Should().HaveCount(2);
        read.Value("x", ("a", "1")).Should().Be(-1.5e6);
        read.Value("x", ("b", "x,y=\"}")).Should().Be(-1.5e6);
        read.Value("x", ("a", "2")).Should().Be(double.NaN);
        read.Value("x", ("a", "3")).Should().BeNull();
        read.Value("y").Should().BeNull();
        read.Invoking(r => r.Value("x")).Should().Throw<InvalidOperationException>().WithMessage("2 samples match*");
    }

    [Fact]
    public void Nothing_is_valid() => ExpositionText.Parse("").Families.Should().BeEmpty();

    [Fact]
    public void A_sound_histogram_is_read() =>
        ExpositionText.Parse(Histogram + "h_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 9\nh_count 2\n")
            .Value("h_bucket", ("le", "+Inf")).Should().Be(2);

    [Theory]
    [InlineData("# TYPE x gauge\nx 1", "line feed")]
    [InlineData("# TYPE x gauge\r\nx 1\r\n", "malformed TYPE")]
    [InlineData("# TYPE x gauge\nx 1\r\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx  1\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx 1 1700000000000\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx{} 1\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx{a=\"1\",} 1\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx{a=\"1} 1\n", "malformed sample")]
    [InlineData("# TYPE x gauge\nx{a=\"\\t\"} 1\n", "unknown escape")]
    [InlineData("# TYPE x gauge\nx{a=\"1\",a=\"2\"} 1\n", "a label occurs twice")]
    [InlineData("# TYPE x gauge\nx Infinity\n", "is not a value")]
    [InlineData("# TYPE x gauge\nx 1,5\n", "is not a value")]
    [InlineData("# TYPE x gauge\n\nx 1\n", "neither metadata")]
    [InlineData("# TYPE x gauge\nx 1\n# EOF\n", "neither metadata")]
    [InlineData("# TYPE x info\nx 1\n", "malformed TYPE")]
    [InlineData("# TYPE 1x gauge\n", "malformed TYPE")]
    [InlineData("# HELP x y\n", "followed by no TYPE")]
    [InlineData("# HELP x y\nx 1\n", "between HELP and TYPE")]
    [InlineData("# HELP x y\n# HELP x y\n", "doubled")]
    [InlineData("# HELP x y\n# TYPE z gauge\nz 1\n", "TYPE follows the HELP of x")]
    [InlineData("# TYPE x gauge\nx 1\n# HELP x y\n", "earlier family")]
    [InlineData("# TYPE x gauge\nx 1\n# TYPE x gauge\n", "the family occurs twice")]
    [InlineData("# TYPE x gauge\nx{a=\"1\",b=\"2\"} 1\nx{b=\"2\",a=\"1\"} 1\n", "the series occurs twice")]
    [InlineData("x 1\n", "outside its family's block")]
    [InlineData("# TYPE x gauge\nx 1\n# TYPE y gauge\ny 1\nx{a=\"1\"} 1\n", "outside its family's block")]
    [InlineData("# TYPE x gauge\nx_bucket 1\n", "outside its family's block")]
    [InlineData("# TYPE x gauge\n", "no samples")]
    [InlineData("# TYPE x_total counter\nx_total -1\n", "is a counter")]
    [InlineData("# TYPE x_total counter\nx_total NaN\n", "is a counter")]
    [InlineData(Histogram + "h_bucket{le=\"1.0\"} 1\nh_sum 1\nh_count 1\n", "+Inf bucket is missing")]
    [InlineData(Histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", "is not the count")]
    [InlineData(Histogram + "h_bucket{le=\"+Inf\"} 1\nh_count 1\n", "one _sum")]
    [InlineData(Histogram + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\n", "one _count")]
    [InlineData(Histogram + "h_bucket{a=\"1\",le=\"+Inf\"} 1\nh_sum{a=\"1\"} 1\nh_count{a=\"2\"} 1\n", "one _count")]
    [InlineData(Histogram + "h_bucket 1\nh_sum 1\nh_count 1\n", "buckets ascend")]
    [InlineData(Histogram + "h_bucket{le=\"2.0\"} 1\nh_bucket{le=\"1.0\"} 1\nh_sum 1\nh_count 1\n", "buckets ascend")]
    [InlineData(Histogram + "h_bucket{le=\"1.0\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n", "never fall")]
    public void Broken_text_is_refused(string text, string why) =>
        FluentActions.Invoking(() => ExpositionText.Parse(text)).Should().Throw<FormatException>().WithMessage($"*{why}*");
}
