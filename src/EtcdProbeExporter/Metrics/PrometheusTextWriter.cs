using System.Buffers;
using System.Text;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The text format 0.0.4 (prometheus/docs, exposition_formats.md): HELP, TYPE and all samples of a family together, LF line ends, the last
/// line too; no timestamps, no exemplars.
/// </summary>
internal static class PrometheusTextWriter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int LongestNumber = 32;

    public static void Write(IReadOnlyList<FamilySnapshot> families, IBufferWriter<byte> output)
    {
        foreach (var family in families)
        {
            Raw(output, "# HELP "u8);
            Text(output, family.Name);
            Raw(output, " "u8);
            Escaped(output, family.Help, quote: false);
            Raw(output, "\n# TYPE "u8);
            Text(output, family.Name);
            Raw(output, TypeOf(family.Type));
            foreach (var sample in family.Samples)
            {
                if (sample.Histogram is { } histogram)
                {
                    Histogram(output, family, sample.Labels, histogram);
                }
                else
                {
                    Line(output, family, "", sample.Labels, null, sample.Value);
                }
            }
        }
    }

    private static void Histogram(IBufferWriter<byte> output, FamilySnapshot family, LabelSet labels, HistogramValue histogram)
    {
        for (var i = 0; i < histogram.Cumulative.Count; i++)
        {
            var bound = i < family.Bounds.Count ? family.Bounds[i].Text : "+Inf";
            Line(output, family, "_bucket", labels, bound, histogram.Cumulative[i]);
        }

        Line(output, family, "_sum", labels, null, histogram.Sum);
        Line(output, family, "_count", labels, null, histogram.Count);
    }

    private static void Line(IBufferWriter<byte> output, FamilySnapshot family, string suffix, LabelSet labels, string? bound, double value)
    {
        Text(output, family.Name);
        Text(output, suffix);
        if (family.LabelNames.Count > 0 || bound is not null)
        {
            Raw(output, "{"u8);
            for (var i = 0; i < family.LabelNames.Count; i++)
            {
                Label(output, i > 0, family.LabelNames[i], labels.Values[i]);
            }

            if (bound is not null)
            {
                Label(output, family.LabelNames.Count > 0, "le", bound);
            }

            Raw(output, "}"u8);
        }

        Raw(output, " "u8);
        SampleNumber.TryFormat(value, output.GetSpan(LongestNumber), out var written);
        output.Advance(written);
        Raw(output, "\n"u8);
    }

    private static void Label(IBufferWriter<byte> output, bool comma, string name, string value)
    {
        if (comma)
        {
            Raw(output, ","u8);
        }

        Text(output, name);
        Raw(output, "=\""u8);
        Escaped(output, value, quote: true);
        Raw(output, "\""u8);
    }

    /// <summary>Backslash and line feed are escaped everywhere, the quote in label values only.</summary>
    private static void Escaped(IBufferWriter<byte> output, string text, bool quote)
    {
        var rest = text.AsSpan();
        while (true)
        {
            var index = quote ? rest.IndexOfAny('\\', '\n', '"') : rest.IndexOfAny('\\', '\n');
            Encoding.UTF8.GetBytes(index < 0 ? rest : rest[..index], output);
            if (index < 0)
            {
                return;
            }

            Raw(output, rest[index] switch { '\n' => "\\n"u8, '"' => "\\\""u8, _ => "\\\\"u8 });
            rest = rest[(index + 1)..];
        }
    }

    private static ReadOnlySpan<byte> TypeOf(MetricType type) => type switch
    {
        MetricType.Counter => " counter\n"u8,
        MetricType.Gauge => " gauge\n"u8,
        _ => " histogram\n"u8,
    };

    private static void Text(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private static void Raw(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes) => output.Write(bytes);
}
