using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The instruments of the watch of one endpoint. It has no slots, so nothing of it is ever skipped.</summary>
internal sealed class WatchInstruments(EndpointFamilies families, SeriesOwner owner, string[] target)
{
    private readonly Counter[] _failures =
        [.. FailureReasons.All.Select(r => families.Failures.With(owner, [.. target, ProbeOperation.Watch.Label(), r.Label()]))];

    private readonly Histogram _delivery = families.WatchDelivery.With(owner, target);

    public Counter Attempts { get; } = families.Attempts.With(owner, [.. target, ProbeOperation.Watch.Label()]);

    public void Record(ProbeResult result)
    {
        if (result.Failure is { } reason)
        {
            _failures[(int)reason].Increment();
        }
        else
        {
            _delivery.Observe(result.Duration.TotalSeconds);
        }
    }
}
