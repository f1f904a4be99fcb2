using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Probing;

/// <summary>One probe that has ended, as history keeps it. <paramref name="Failure"/> is null on success, and <paramref name="Detail"/> empty then.</summary>
internal readonly record struct PastProbe(DateTimeOffset EndedAt, TimeSpan Duration, FailureReason? Failure, string Detail);
