using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// The share of slots that an endpoint lost: ran out of time, or were skipped because an earlier probe still ran. Its watch has no slots.
/// </summary>
internal static class LostSlots
{
    /// <summary>An election of one or two seconds makes slots of one second wait; that many in ten are more than an election.</summary>
    public const int SkippedThatTell = 3;

    /// <summary>Some of the last ten were lost while others succeeded. Slots that began before <paramref name="since"/> are explained by something else.</summary>
    public static bool Enough(EndpointSnapshot endpoint, TimeSpan since) =>
        endpoint.Operations.Any(o => o.Slots.Any(s => s.End == SlotEnd.Succeeded))
        && Probed(endpoint).Any(o =>
            o.Slots.Any(s => s.End == SlotEnd.TimedOut && s.Began >= since)
            || o.Slots.Count(s => s.End == SlotEnd.Skipped && s.Began >= since) >= SkippedThatTell);

    public static bool Any(EndpointSnapshot endpoint, TimeSpan since) =>
        Probed(endpoint).Any(o => o.Slots.Any(s => s.End is SlotEnd.TimedOut or SlotEnd.Skipped && s.Began >= since));

    /// <summary>The last two events that were due did not come. Those that were due before <paramref name="since"/> are explained by something else.</summary>
    public static bool InWatch(EndpointSnapshot endpoint, TimeSpan since) =>
        endpoint.Operation(ProbeOperation.Watch)?.Slots is [.., var before, var last]
        && before.Began >= since && last.Began >= since && before.End != SlotEnd.Succeeded && last.End != SlotEnd.Succeeded;

    private static IEnumerable<OperationSnapshot> Probed(EndpointSnapshot endpoint) => endpoint.Operations.Where(o => o.Operation != ProbeOperation.Watch);
}
