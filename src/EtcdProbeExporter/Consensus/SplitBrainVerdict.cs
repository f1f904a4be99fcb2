namespace EtcdProbeExporter.Consensus;

/// <summary>
/// The verdict, since when it stands (on the clock of the samples), and why, in a sentence for people. <see cref="StaleClaims"/> and
/// <see cref="TrueLeader"/> are set as far as the evidence tells who is who.
/// </summary>
internal sealed record SplitBrainVerdict(
    SplitBrainState State, TimeSpan Since, string Evidence, IReadOnlyList<LeaderClaim> StaleClaims, LeaderClaim? TrueLeader)
{
    public static readonly SplitBrainVerdict None = new(SplitBrainState.None, TimeSpan.Zero, "", [], null);
}
