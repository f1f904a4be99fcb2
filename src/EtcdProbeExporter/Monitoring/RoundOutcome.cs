using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Monitoring;

/// <summary>What one round of looking at the whole cluster added to its history.</summary>
internal sealed record RoundOutcome(LeadershipChanges Leadership, IReadOnlyList<Violation> Violations);
