namespace EtcdProbeExporter.Consensus;

/// <summary>
/// A member says that it is the leader. <paramref name="Term"/> is the term of the last entry it applied: a new leader shows its
/// predecessor's for the moments until its first own entry is applied.
/// </summary>
internal sealed record LeaderClaim(ulong MemberId, string MemberName, string Endpoint, ulong Term);
