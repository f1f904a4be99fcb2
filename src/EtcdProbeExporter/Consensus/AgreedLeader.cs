namespace EtcdProbeExporter.Consensus;

/// <summary>The leader that a quorum names. <paramref name="Endpoint"/> is empty when that member is not probed or does not answer.</summary>
internal sealed record AgreedLeader(ulong MemberId, string MemberName, string Endpoint);
