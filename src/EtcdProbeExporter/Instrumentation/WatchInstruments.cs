using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Instrumentation;

/// <summary>The instruments of the watch of one endpoint. It has no slots: skipped are only events that a pause of our own makes worthless.</summary>
internal sealed class WatchInstruments(EndpointFamilies families, SeriesOwner owner, string[] target)
{
    private readonly Counter[] _failures =
        [.. FailureReasons.All.Select(r => families.Failures.With(owner, [.. target, ProbeOperation.Watch.Label(), r.Label()]))];

    private readonly Histogram _delivery = families.WatchDelivery.With(owner, target);

    private readonly Counter _attempts = families.Attempts.With(owner, [.. target, ProbeOperation.Watch.Label()]);

    public Counter Paused { get; } = families.Skipped.With(owner, [.. target, ProbeOperation.Watch.Label(), SkipReason.Paused.Label()]);

    public void Record(ProbeResult result)
    {
        _attempts.Increment();
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
