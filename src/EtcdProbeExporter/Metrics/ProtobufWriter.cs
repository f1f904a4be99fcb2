using System.Buffers;
using EtcdProbeExporter.Metrics.Protos;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace EtcdProbeExporter.Metrics;

/// <summary>One length-prefixed <c>MetricFamily</c> after the other, as Prometheus' <c>encoding=delimited</c> wants it.</summary>
internal static class ProtobufWriter
{
    public const string ContentType = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    public static void Write(IReadOnlyList<FamilySnapshot> families, IBufferWriter<byte> output)
    {
        foreach (var family in families.Where(f => !f.Series.IsEmpty))
        {
            var message = ToMessage(family);
            WriteLength((uint)message.CalculateSize(), output);
            message.WriteTo(output);
        }
    }

    private static Protos.MetricFamily ToMessage(FamilySnapshot family)
    {
        var message = new Protos.MetricFamily { Name = family.Name, Help = family.Help, Type = TypeOf(family.Type) };
        // The parser wants labels sorted by name, as it stores them.
        var order = Enumerable.Range(0, family.LabelNames.Length).OrderBy(i => family.LabelNames[i], StringComparer.Ordinal).ToList();
        foreach (var series in family.Series)
        {
            var metric = new Metric();
            metric.Label.AddRange(order.Select(i => new LabelPair { Name = family.LabelNames[i], Value = series.Labels.Values[i] }));
            var start = series.Created is { } created ? Timestamp.FromDateTimeOffset(created) : null;
            switch (family.Type)
            {
                case MetricType.Counter:
                    metric.Counter = new Protos.Counter { Value = series.Value, StartTimestamp = start };
                    break;
                case MetricType.Gauge:
                    metric.Gauge = new Protos.Gauge { Value = series.Value };
                    break;
                default:
                    metric.Histogram = ToMessage(series.Histogram!, start);
                    break;
            }

            message.Metric.Add(metric);
        }

        return message;
    }

    private static Protos.Histogram ToMessage(HistogramSnapshot histogram, Timestamp? start)
    {
        var message = new Protos.Histogram { SampleCount = histogram.Count, SampleSum = histogram.Sum, StartTimestamp = start };
        message.Bucket.AddRange(histogram.CumulativeCounts.Select((count, i) => new Bucket { CumulativeCount = count, UpperBound = histogram.Bounds.UpperBounds[i] }));
        return message;
    }

    private static Protos.MetricType TypeOf(MetricType type) => type switch
    {
        MetricType.Counter => Protos.MetricType.Counter,
        MetricType.Gauge => Protos.MetricType.Gauge,
        _ => Protos.MetricType.Histogram,
    };

    private static void WriteLength(uint length, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(5);
        var at = 0;
        for (; length > 0x7f; length >>= 7)
        {
            span[at++] = (byte)(length | 0x80);
        }

        span[at++] = (byte)length;
        output.Advance(at);
    }
}
