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

/// <summary>The debounced verdict. What leads to which, and after how long, is in <see cref="SplitBrainJudge"/>.</summary>
internal enum SplitBrainState
{
    /// <summary>Nothing contradicts that there is one leader at most.</summary>
    None,

    /// <summary>A member goes on claiming a leadership that it has lost: ugly for its clients, and no danger to the data.</summary>
    StaleLeader,

    /// <summary>Claims contradict each other for longer than raft explains, and nothing hard proves a split.</summary>
    Suspected,

    /// <summary>Hard evidence.</summary>
    Confirmed,
}

internal static class SplitBrainStates
{
    public static readonly IReadOnlyList<SplitBrainState> All = Enum.GetValues<SplitBrainState>();

    public static string Label(this SplitBrainState state) => state switch
    {
        SplitBrainState.None => "none",
        SplitBrainState.StaleLeader => "stale_leader",
        SplitBrainState.Suspected => "suspected",
        SplitBrainState.Confirmed => "confirmed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "not a state"),
    };
}
