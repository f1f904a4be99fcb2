using EtcdProbeExporter.Metrics;
using Microsoft.Net.Http.Headers;

namespace EtcdProbeExporter.Web;

/// <summary>
/// Which exposition format the Accept header asks for: the supported one with the highest weight, the first of equals; text 0.0.4 where
/// nothing matches, because every scraper reads that. Prometheus' list: https://prometheus.io/docs/instrumenting/content_negotiation/
/// </summary>
internal static class FormatNegotiation
{
    public static ExpositionFormat Select(IEnumerable<MediaTypeHeaderValue> accept)
    {
        var best = (Format: ExpositionFormat.Text, Weight: 0.0);
        foreach (var range in accept)
        {
            var weight = range.Quality ?? 1;
            if (weight > best.Weight && Match(range) is { } format)
            {
                best = (format, weight);
            }
        }

        return best.Format;
    }

    private static ExpositionFormat? Match(MediaTypeHeaderValue range) => (range.MediaType.Value?.ToLowerInvariant(), Parameter(range, "version")) switch
    {
        ("text/plain", null or "0.0.4") or ("text/*" or "*/*", _) => ExpositionFormat.Text,
        ("text/plain", "1.0.0") => ExpositionFormat.Text1(Escaping(range)),
        ("application/openmetrics-text", null or "1.0.0") => ExpositionFormat.OpenMetrics(Escaping(range)),
        ("application/vnd.google.protobuf", _)
            when Parameter(range, "proto") == "io.prometheus.client.MetricFamily" && Parameter(range, "encoding") == "delimited" => ExpositionFormat.Protobuf,
        _ => null,
    };

    // Echoed, so only what the specification knows: a header is no place for what somebody else wrote.
    private static string Escaping(MediaTypeHeaderValue range) =>
        Parameter(range, "escaping") is { } asked and ("allow-utf-8" or "dots" or "values") ? asked : "underscores";

    private static string? Parameter(MediaTypeHeaderValue range, string name) =>
        range.Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
}
