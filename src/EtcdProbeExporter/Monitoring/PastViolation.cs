using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Monitoring;

/// <summary>A broken promise and when it was noticed.</summary>
internal sealed record PastViolation(DateTimeOffset At, Violation Violation);

/// <summary>A restore and when it was noticed.</summary>
internal sealed record PastRestoration(DateTimeOffset At, Restoration Restoration);
