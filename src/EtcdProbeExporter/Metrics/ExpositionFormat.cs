using System.Buffers;

namespace EtcdProbeExporter.Metrics;

/// <summary>A way to write a scrape: the response's content type and the writer of the body.</summary>
internal sealed record ExpositionFormat(string ContentType, Action<IReadOnlyList<FamilySnapshot>, IBufferWriter<byte>> Write)
{
    /// <summary>What every Prometheus and every human reads; the answer when nothing else was agreed on.</summary>
    public static ExpositionFormat Text { get; } = new(PrometheusTextWriter.ContentType, PrometheusTextWriter.Write);
}
