using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// Gets everything that happens while one cluster is probed, as it happens, on any thread: the only way out of probes but for snapshots. What
/// is reported of one operation comes in order.
/// </summary>
internal interface IProbeSink
{
    /// <summary>The endpoint is probed from now on.</summary>
    void Opened(EndpointAddress endpoint);

    /// <param name="endpoint">Where it happened; null: in the probe of the cluster as a whole.</param>
    /// <param name="happened">What.</param>
    void Report(EndpointAddress? endpoint, ProbeEvent happened);

    /// <summary>The endpoint is no longer probed: what has already begun there may still be reported, and counts for nothing.</summary>
    void Closed(EndpointAddress endpoint);
}
