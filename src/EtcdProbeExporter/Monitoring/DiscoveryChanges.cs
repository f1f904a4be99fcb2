using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Monitoring;

/// <summary>What the member list changes in what is probed.</summary>
internal sealed record DiscoveryChanges(IReadOnlyList<EndpointAddress> Found, IReadOnlyList<EndpointAddress> Gone);
