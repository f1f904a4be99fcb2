namespace EtcdProbeExporter.Consensus;

/// <summary>
/// The leader that a quorum names. <paramref name="Endpoint"/> is where it answers, or answered last, or what it advertises, whether or not it
/// answers now; empty when no endpoint leads to it. <paramref name="Term"/> is the highest visible term of those who name it.
/// </summary>
internal sealed record AgreedLeader(ulong MemberId, string MemberName, string Endpoint, ulong Term);
