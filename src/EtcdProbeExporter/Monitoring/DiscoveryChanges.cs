using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// What the member list changes in what is probed. <paramref name="Left"/> counts the members that are not probed because there are too
/// many of them.
/// </summary>
internal sealed record DiscoveryChanges(IReadOnlyList<EndpointAddress> Found, IReadOnlyList<EndpointAddress> Gone, int Left);
