namespace EtcdProbeExporter.Consensus;

/// <summary>One broken promise, and a sentence that says what was expected and what came.</summary>
internal sealed record Violation(ViolationKind Kind, string What);
