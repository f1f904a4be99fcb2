using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Snapshots of an endpoint from what its operations brought last; times in seconds.</summary>
internal static class ProbedEndpoint
{
    public static EndpointSnapshot With(params OperationSnapshot[] operations) => Reported.Endpoint(1, null) with { Operations = operations };

    public static OperationSnapshot Ended(ProbeOperation operation, FailureReason? failure, double sent, double ended, double inFlight = 0) => new(
        operation,
        new ProbeResult
        {
            Operation = operation,
            Sent = TimeSpan.FromSeconds(sent),
            Ended = TimeSpan.FromSeconds(ended),
            EndedAt = default,
            Duration = TimeSpan.FromSeconds(ended - sent),
            Failure = failure,
            Detail = "",
        },
        null,
        TimeSpan.FromSeconds(inFlight));

    /// <summary>One letter a slot, oldest first: s(ucceeded), t(imed out), k (skipped), f(ailed). The first began at second 1, the next at 2.</summary>
    public static OperationSnapshot Slots(ProbeOperation operation, string ends) => new(operation, null, null, TimeSpan.Zero)
    {
        Slots = [.. ends.Select((e, i) => new PastSlot(
            e switch { 's' => SlotEnd.Succeeded, 't' => SlotEnd.TimedOut, 'k' => SlotEnd.Skipped, _ => SlotEnd.Failed }, TimeSpan.FromSeconds(i + 1)))],
    };
}
