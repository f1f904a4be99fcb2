using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Keeps all that a monitor reports.</summary>
internal sealed class RecordingSink : IMonitorSink
{
    public ConcurrentQueue<EndpointAddress> EndpointsOpened { get; } = new();

    public ConcurrentQueue<(EndpointAddress? Endpoint, ProbeEvent Happened)> Events { get; } = new();

    public ConcurrentQueue<RoundOutcome> Rounds { get; } = new();

    public ConcurrentQueue<EndpointAddress> EndpointsClosed { get; } = new();

    public void Opened(EndpointAddress endpoint) => EndpointsOpened.Enqueue(endpoint);

    public void Report(EndpointAddress? endpoint, ProbeEvent happened) => Events.Enqueue((endpoint, happened));

    public void Report(RoundOutcome round) => Rounds.Enqueue(round);

    public void Closed(EndpointAddress endpoint) => EndpointsClosed.Enqueue(endpoint);
}
