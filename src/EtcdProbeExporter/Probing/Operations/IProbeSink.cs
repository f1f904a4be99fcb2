using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Probing.Operations;

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

/// <summary>
/// What happens while probing: what <see cref="IProbeSink"/> gets. Counters and histograms are fed from these; everything that describes a
/// present state is read from <c>EndpointSnapshot</c> instead.
/// </summary>
internal abstract record ProbeEvent
{
    /// <summary>A slot started, <paramref name="Lag"/> after it was due.</summary>
    internal sealed record Started(ProbeOperation Operation, TimeSpan Lag) : ProbeEvent;

    /// <summary>The member behind this endpoint shows a higher term than before.</summary>
    internal sealed record TermRose : ProbeEvent;

    /// <summary>A slot did not start, or does not count.</summary>
    internal sealed record Skipped(ProbeOperation Operation, SkipReason Reason) : ProbeEvent;

    /// <summary>A started slot ended, or an event of the watch came or is late: the attempt is counted here, with what came of it.</summary>
    internal sealed record Finished(ProbeResult Result) : ProbeEvent;

    /// <summary>It is known now what is behind this endpoint, or something else is there than before.</summary>
    internal sealed record Recognised(EndpointKind Kind) : ProbeEvent;

    /// <summary>A connection was opened, or not.</summary>
    internal sealed record Connected(ConnectAttempt Attempt) : ProbeEvent;
}
