using System.Buffers;
using System.Diagnostics;
using System.Text;
using EtcdProbeExporter.Metrics;

namespace EtcdProbeExporter.Tests.Metrics;

public sealed class PrometheusTextWriterTests : IDisposable
{
    private readonly MetricRegistry _registry = new(new FixedTime(DateTimeOffset.UnixEpoch));
    private readonly SeriesOwner _owner = new();

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void All_types_match_the_golden_file()
    {
        RegisterAllTypes();

        Render().Should().Be(Golden("all-types.prom"));
    }

    [Fact]
    public void Escapes_match_the_golden_file()
    {
        RegisterEscapes();

        Render().Should().Be(Golden("escapes.prom"));
    }

    [Fact]
    public void Special_values_match_the_golden_file()
    {
        var family = _registry.Gauge("special_value", "Numbers at the edges of the notation.", "kind");
        foreach (var (kind, value) in new[]
        {
            ("nan", double.NaN), ("plus_infinity", double.PositiveInfinity), ("minus_infinity", double.NegativeInfinity),
            ("zero", 0), ("largest_plain_integer", 999999), ("million", 1e6), ("timestamp", 1795222875.125),
            ("two_to_the_53", 9007199254740992), ("smallest_plain", 0.0001), ("small", 0.00001), ("shortest", 0.1), ("negative", -2.5),
        })
        {
            family.With(_owner, kind).Set(value);
        }

        Render().Should().Be(Golden("special-values.prom"));
    }

    [Fact]
    public void A_family_without_series_is_not_printed()
    {
        var empty = new FamilySnapshot("x", "Help.", MetricType.Gauge, [], []);
        var output = new ArrayBufferWriter<byte>();

        PrometheusTextWriter.Write([empty], output);

        output.WrittenCount.Should().Be(0);
    }

    [Fact]
    public void A_strict_reader_gets_back_what_was_written()
    {
        RegisterAllTypes();
        RegisterEscapes();

        var read = ExpositionText.Parse(Render());

        read.Families.Select(family => (family.Name, family.Type)).Should().Equal(
            ("requests_total", "counter"), ("temperature_celsius", "gauge"), ("latency_seconds", "histogram"), ("escapes", "gauge"));
        read.Value("requests_total", ("endpoint", "[::1]:2379")).Should().Be(3);
        read.Value("temperature_celsius").Should().Be(-2.5);
        read.Value("latency_seconds_bucket", ("operation", "put"), ("le", "1.0")).Should().Be(3);
        read.Value("latency_seconds_bucket", ("operation", "put"), ("le", "+Inf")).Should().Be(4);
        read.Value("latency_seconds_sum", ("operation", "put")).Should().Be(2000001.00500001);
        read.Value("escapes", ("label", "back\\slash \"quoted\"\nline feed")).Should().Be(1);
        read.Families[^1].Help.Should().Be("A \\ backslash, a \"quote\" and\na line feed.");
    }

    [ToolFact("promtool")]
    public async Task Promtool_accepts_and_lints_the_output_without_a_word()
    {
        RegisterAllTypes();
        _ = new ProcessMetrics(_registry);
        _ = new DotnetMetrics(_registry);

        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var findings = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(Render());
        promtool.StandardInput.Close();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await promtool.WaitForExitAsync(deadline.Token);

        string.Concat(await findings).Should().BeEmpty();
        promtool.ExitCode.Should().Be(0);
    }

    private void RegisterAllTypes()
    {
        var requests = _registry.Counter("requests_total", "Requests by endpoint.", "endpoint", "code");
        requests.With(_owner, "[::1]:2379", "ok").Increment(3);
        requests.With(_owner, "10.90.4.97:2379", "ok");
        _registry.Gauge("temperature_celsius", "No labels at all.").With(_owner).Set(-2.5);
        _registry.Gauge("never_set", "A family without series.").With(_owner);
        var latency = _registry.Histogram(
            "latency_seconds", "Bounds on both sides of every change of notation.", [0.00001, 0.0001, 0.1, 1, 100000, 1e6], "operation");
        latency.With(_owner, "get");
        var put = latency.With(_owner, "put");
        put.Observe(0.00000001);
        put.Observe(0.005);
        put.Observe(1);
        put.Observe(2e6);
    }

    private void RegisterEscapes() =>
        _registry.Gauge("escapes", "A \\ backslash, a \"quote\" and\na line feed.", "label", "other")
            .With(_owner, "back\\slash \"quoted\"\nline feed", "ü 漢 😀 {},= # '").Set(1);

    private string Render()
    {
        var output = new ArrayBufferWriter<byte>();
        PrometheusTextWriter.Write(_registry.Collect(), output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan);
    }

    private static string Golden(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Metrics", "Golden", file));
}
