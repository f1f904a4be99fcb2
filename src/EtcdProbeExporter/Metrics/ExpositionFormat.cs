using System.Buffers;

namespace EtcdProbeExporter.Metrics;

/// <summary>A way to write a scrape: the response's content type and the writer of the body.</summary>
internal sealed record ExpositionFormat(string ContentType, Action<IReadOnlyList<FamilySnapshot>, IBufferWriter<byte>> Write)
{
    /// <summary>What every Prometheus and every human reads; the answer when nothing else was agreed on.</summary>
    public static ExpositionFormat Text { get; } = new(PrometheusTextWriter.ContentType, PrometheusTextWriter.Write);

    /// <summary>Delimited protobuf messages: the only format with times of creation, and what Prometheus asks for first when it stores these.</summary>
    public static ExpositionFormat Protobuf { get; } = new(ProtobufWriter.ContentType, ProtobufWriter.Write);

    /// <summary>
    /// The text format under its name since Prometheus 3: no name of ours needs escaping, so the bytes are those of 0.0.4, whatever
    /// <paramref name="escaping"/> was asked for.
    /// </summary>
    public static ExpositionFormat Text1(string escaping) => Text with { ContentType = $"text/plain; version=1.0.0; charset=utf-8; escaping={escaping}" };

    public static ExpositionFormat OpenMetrics(string escaping) => new(
        $"application/openmetrics-text; version=1.0.0; charset=utf-8; escaping={escaping}", PrometheusTextWriter.WriteOpenMetrics);
}
