using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Tests.Metrics;
using Protos = EtcdProbeExporter.Metrics.Protos;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>Label values come from peers: whatever they are, all three formats say exactly them.</summary>
public sealed partial class ExpositionFuzzTests
{
    private const int PerScrape = 250;

    [Fact]
    public void Any_label_value_comes_back_from_every_format() => Fuzz.Run(400, random =>
    {
        using var owner = new SeriesOwner();
        var registry = new MetricRegistry(TimeProvider.System);
        var family = registry.Gauge("g", "Help.", "n", "v");
        var values = Enumerable.Range(0, PerScrape).Select(_ => random.Text(20, "\\\"\n\r\t{}=,# \0é\u2028\ufeff")).ToList();
        for (var n = 0; n < values.Count; n++)
        {
            family.With(owner, $"{n}", values[n]).Set(n);
        }

        var text = ExpositionText.Parse(Utf8(Render(registry, PrometheusTextWriter.Write))).Samples("g").ToDictionary(s => s.Labels["n"], s => s.Labels["v"]);
        var open = OpenMetricsLine().Matches(Utf8(Render(registry, PrometheusTextWriter.WriteOpenMetrics)))
            .ToDictionary(m => m.Groups[1].Value, m => Unescaped(m.Groups[2].Value));
        using var stream = new MemoryStream(Render(registry, ProtobufWriter.Write));
        var protobuf = Protos.MetricFamily.Parser.ParseDelimitedFrom(stream).Metric
            .ToDictionary(m => m.Label.Single(l => l.Name == "n").Value, m => m.Label.Single(l => l.Name == "v").Value);
        for (var n = 0; n < values.Count; n++)
        {
            var key = $"{n}";
            Equal(text[key], values[n]);
            Equal(open[key], values[n]);
            Equal(protobuf[key], values[n]);
        }
    });

    [GeneratedRegex("""^g\{n="(\d+)",v="((?:[^"\\\n]|\\.)*)"\} \d+$""", RegexOptions.Multiline)]
    private static partial Regex OpenMetricsLine();

    private static void Equal(string found, string expected)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"{expected} came back as {found}");
        }
    }

    private static string Unescaped(string text) => Escape().Replace(text, m => m.Value == "\\n" ? "\n" : m.Value[1..]);

    [GeneratedRegex("""\\[\\n"]""")]
    private static partial Regex Escape();

    private static string Utf8(byte[] body) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);

    private static byte[] Render(MetricRegistry registry, Action<IReadOnlyList<FamilySnapshot>, IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(registry.Collect(), buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
