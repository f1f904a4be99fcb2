using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Probing;

/// <summary>
/// What happens while probing, told as it happens, on any thread. Counters and histograms are fed from these; everything that describes a
/// present state is read from <see cref="EndpointSnapshot"/> instead.
/// </summary>
internal abstract record ProbeEvent
{
    /// <summary>A slot started, <paramref name="Lag"/> after it was due.</summary>
    internal sealed record Started(ProbeOperation Operation, TimeSpan Lag) : ProbeEvent;

    /// <summary>A cluster put was acknowledged, so its event is due on the watch of this endpoint.</summary>
    internal sealed record EventDue : ProbeEvent;

    /// <summary>The member behind this endpoint shows a higher term than before.</summary>
    internal sealed record TermRose : ProbeEvent;

    /// <summary>A slot did not start.</summary>
    internal sealed record Skipped(ProbeOperation Operation, SkipReason Reason) : ProbeEvent;

    /// <summary>A started slot ended.</summary>
    internal sealed record Finished(ProbeResult Result) : ProbeEvent;

    /// <summary>A connection was opened, or not.</summary>
    internal sealed record Connected(ConnectAttempt Attempt) : ProbeEvent;
}
