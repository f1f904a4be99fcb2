namespace EtcdProbeExporter.Etcd;

/// <summary>
/// One endpoint's answer to Status, and the span in which it was given: it was true at some instant between <see cref="Sent"/> and
/// <see cref="Received"/> (on one monotonic clock, from an arbitrary start).
/// </summary>
internal sealed record MemberSample(string Endpoint, MemberStatus Status, TimeSpan Sent, TimeSpan Received);
