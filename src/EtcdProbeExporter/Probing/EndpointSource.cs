namespace EtcdProbeExporter.Probing;

/// <summary>How we know of an endpoint.</summary>
internal enum EndpointSource
{
    Configured,
    Discovered,
}
