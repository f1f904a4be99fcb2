namespace EtcdProbeExporter.Consensus;

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
