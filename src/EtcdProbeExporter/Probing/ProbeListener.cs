namespace EtcdProbeExporter.Probing;

/// <summary>Who is told of the probes of one endpoint, or of the cluster: <see cref="Close"/> is called when these have ended for good.</summary>
internal sealed record ProbeListener(Action<ProbeEvent> Publish, Action Close);
