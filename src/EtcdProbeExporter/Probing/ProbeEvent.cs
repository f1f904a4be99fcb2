using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// What happens while probing: what <see cref="IProbeSink"/> gets. Counters and histograms are fed from these; everything that describes a
/// present state is read from <see cref="EndpointSnapshot"/> instead.
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
