using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>Success (null), or the reason of the failure.</summary>
internal readonly record struct OperationVerdict(FailureReason? Failure)
{
    public static readonly OperationVerdict Ok;

    public bool Succeeded => Failure is null;
}
