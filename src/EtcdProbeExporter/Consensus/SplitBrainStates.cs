namespace EtcdProbeExporter.Consensus;

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
