namespace EtcdProbeExporter.Probing;

/// <summary>A member's hash over its data up to some revision. Comparable only between equal compact revisions: compaction changes it.</summary>
internal sealed record MemberHash(string Endpoint, ulong MemberId, uint Hash, long CompactRevision);
