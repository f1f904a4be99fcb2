namespace EtcdProbeExporter.Consensus;

/// <summary>What happened between two rounds. <paramref name="TermRoseOn"/>: endpoints whose member shows a higher term than before.</summary>
internal sealed record LeadershipChanges(bool LeaderChanged, bool TermRose, TimeSpan Leaderless, IReadOnlyList<string> TermRoseOn)
{
    public static readonly LeadershipChanges None = new(false, false, TimeSpan.Zero, []);
}
