namespace EtcdProbeExporter.MemberMetrics;

/// <summary>Where Prometheus reaches the exporter: <c>http</c> or <c>https</c>, host and port, and what stands before its paths.</summary>
internal sealed record ScrapeAddress(string Scheme, string Authority, string PathPrefix);
