using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Monitoring;

/// <summary>An endpoint with the verdict on it.</summary>
internal sealed record MonitoredEndpoint(EndpointSnapshot Probes, EndpointState State)
{
    /// <summary>Where the member hangs; null: it does not.</summary>
    public StallSite? Stall { get; init; }
}
