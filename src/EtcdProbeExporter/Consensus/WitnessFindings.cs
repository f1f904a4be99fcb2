namespace EtcdProbeExporter.Consensus;

/// <summary>What one round made certain: promises that were broken, or that the cluster was restored and begins anew.</summary>
internal sealed record WitnessFindings(IReadOnlyList<Violation> Violations, Restoration? Restored)
{
    public static readonly WitnessFindings None = new([], null);
}
