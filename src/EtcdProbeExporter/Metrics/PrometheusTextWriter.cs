using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) and its successor OpenMetrics 1.0
/// (https://prometheus.io/docs/specs/om/open_metrics_spec/), in UTF-8. They differ in the order and escaping of metadata, in the name of a
/// counter's family, which OpenMetrics writes without <c>_total</c>, and in the last line.
/// </summary>
internal static class PrometheusTextWriter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string Total = "_total";

    private static readonly SearchValues<char> HelpSpecials = SearchValues.Create("\\\n");
    private static readonly SearchValues<char> LabelSpecials = SearchValues.Create("\\\"\n");

    public static void Write(IReadOnlyList<FamilySnapshot> families, IBufferWriter<byte> output)
    {
        foreach (var family in families.Where(f => !f.Series.IsEmpty))
        {
            output.Write("# HELP "u8);
            Encoding.UTF8.GetBytes(family.Name, output);
            output.Write(" "u8);
            WriteEscaped(family.Help, HelpSpecials, output);
            output.Write("\n# TYPE "u8);
            Encoding.UTF8.GetBytes(family.Name, output);
            output.Write(TypeOf(family.Type));
            WriteSamples(family, output);
        }
    }

    public static void WriteOpenMetrics(IReadOnlyList<FamilySnapshot> families, IBufferWriter<byte> output)
    {
        foreach (var family in families.Where(f => !f.Series.IsEmpty))
        {
            // The registry takes no counter whose name does not end so.
            var name = family.Type == MetricType.Counter ? family.Name.AsSpan()[..^Total.Length] : family.Name;
            output.Write("# TYPE "u8);
            Encoding.UTF8.GetBytes(name, output);
            output.Write(TypeOf(family.Type));
            output.Write("# HELP "u8);
            Encoding.UTF8.GetBytes(name, output);
            output.Write(" "u8);
            WriteEscaped(family.Help, LabelSpecials, output);
            output.Write("\n"u8);
            WriteSamples(family, output);
        }

        output.Write("# EOF\n"u8);
    }

    private static void WriteSamples(FamilySnapshot family, IBufferWriter<byte> output)
    {
        foreach (var series in family.Series)
        {
            if (series.Histogram is { } histogram)
            {
                WriteHistogram(family, series, histogram, output);
            }
            else
            {
                WriteSample(family, ""u8, series, default, series.Value, output);
            }
        }
    }

    private static ReadOnlySpan<byte> TypeOf(MetricType type) => type switch
    {
        MetricType.Counter => " counter\n"u8,
        MetricType.Gauge => " gauge\n"u8,
        _ => " histogram\n"u8,
    };

    private static void WriteHistogram(
        FamilySnapshot family, SeriesSnapshot series, HistogramSnapshot histogram, IBufferWriter<byte> output)
    {
        for (var i = 0; i < histogram.CumulativeCounts.Length; i++)
        {
            WriteSample(family, "_bucket"u8, series, histogram.Bounds.LabelOf(i), histogram.CumulativeCounts[i], output);
        }

        WriteSample(family, "_bucket"u8, series, "+Inf"u8, histogram.Count, output);
        WriteSample(family, "_sum"u8, series, default, histogram.Sum, output);
        WriteSample(family, "_count"u8, series, default, histogram.Count, output);
    }

    private static void WriteSample(
        FamilySnapshot family,
        ReadOnlySpan<byte> suffix,
        SeriesSnapshot series,
        ReadOnlySpan<byte> le,
        double value,
        IBufferWriter<byte> output)
    {
        Encoding.UTF8.GetBytes(family.Name, output);
        output.Write(suffix);
        WriteLabels(family.LabelNames, series.Labels.Values, le, output);
        output.Write(" "u8);
        output.Advance(GoFloat.Format(value, output.GetSpan(GoFloat.MaxLength)));
        output.Write("\n"u8);
    }

    private static void WriteLabels(
        ImmutableArray<string> names, ImmutableArray<string> values, ReadOnlySpan<byte> le, IBufferWriter<byte> output)
    {
        if (names.IsEmpty && le.IsEmpty)
        {
            return;
        }

        var separator = "{"u8;
        for (var i = 0; i < names.Length; i++)
        {
            output.Write(separator);
            Encoding.UTF8.GetBytes(names[i], output);
            output.Write("=\""u8);
            WriteEscaped(values[i], LabelSpecials, output);
            output.Write("\""u8);
            separator = ","u8;
        }

        if (!le.IsEmpty)
        {
            output.Write(separator);
            output.Write("le=\""u8);
            output.Write(le);
            output.Write("\""u8);
        }

        output.Write("}"u8);
    }

    private static void WriteEscaped(ReadOnlySpan<char> text, SearchValues<char> specials, IBufferWriter<byte> output)
    {
        for (var at = text.IndexOfAny(specials); at >= 0; at = text.IndexOfAny(specials))
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            output.Write(text[at] switch { '\n' => "\\n"u8, '"' => "\\\""u8, _ => "\\\\"u8 });
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
    }
}
