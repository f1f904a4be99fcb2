using System.Buffers;
using System.Text;
using EtcdProbeExporter.Metrics;
using Protos = EtcdProbeExporter.Metrics.Protos;

namespace EtcdProbeExporter.Tests.Metrics;

/// <summary>OpenMetrics 1.0 and protobuf say the same as the text format, each in its own way.</summary>
public sealed class OtherFormatsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly MetricRegistry _registry = new(new FixedTime(Start));
    private readonly SeriesOwner _owner = new();

    public OtherFormatsTests()
    {
        _registry.Counter("requests_total", "Requests, \"all\" of them.\nAnd more \\.", "zone", "area").With(_owner, "z\"1", "a\n2").Increment(3);
        _registry.Gauge("temperature", "Degrees.").With(_owner).Set(-1.5);
        var histogram = _registry.Histogram("latency_seconds", "Latency.", [0.5, 1], "op").With(_owner, "put");
        histogram.Observe(0.25);
        histogram.Observe(7);
        _registry.Gauge("empty", "Has no series.");
    }

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void OpenMetrics_is_to_the_letter() => Encoding.UTF8.GetString(Render(PrometheusTextWriter.WriteOpenMetrics)).Should().Be(
        """
        # TYPE requests counter
        # HELP requests Requests, \"all\" of them.\nAnd more \\.
        requests_total{zone="z\"1",area="a\n2"} 3
        # TYPE temperature gauge
        # HELP temperature Degrees.
        temperature -1.5
        # TYPE latency_seconds histogram
        # HELP latency_seconds Latency.
        latency_seconds_bucket{op="put",le="0.5"} 1
        latency_seconds_bucket{op="put",le="1.0"} 1
        latency_seconds_bucket{op="put",le="+Inf"} 2
        latency_seconds_sum{op="put"} 7.25
        latency_seconds_count{op="put"} 2
        # EOF

        """);

    [Fact]
    public void Protobuf_is_a_stream_of_families_with_sorted_labels_and_times_of_creation()
    {
        using var stream = new MemoryStream(Render(ProtobufWriter.Write));
        var families = new List<Protos.MetricFamily>();
        while (stream.Position < stream.Length)
        {
            families.Add(Protos.MetricFamily.Parser.ParseDelimitedFrom(stream));
        }

        families.Select(f => (f.Name, f.Type)).Should().Equal(
            ("requests_total", Protos.MetricType.Counter), ("temperature", Protos.MetricType.Gauge), ("latency_seconds", Protos.MetricType.Histogram));
        var requests = families[0].Metric.Single();
        requests.Label.Select(l => (l.Name, l.Value)).Should().Equal(("area", "a\n2"), ("zone", "z\"1"));
        requests.Counter.Value.Should().Be(3);
        requests.Counter.StartTimestamp.ToDateTimeOffset().Should().Be(Start);
        families[1].Metric.Single().Gauge.Value.Should().Be(-1.5);
        var latency = families[2].Metric.Single().Histogram;
        (latency.SampleCount, latency.SampleSum).Should().Be((2UL, 7.25));
        latency.Bucket.Select(b => (b.UpperBound, b.CumulativeCount)).Should().Equal((0.5, 1UL), (1, 1UL));
    }

    private byte[] Render(Action<IReadOnlyList<FamilySnapshot>, IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(_registry.Collect(), output);
        return output.WrittenSpan.ToArray();
    }
}
