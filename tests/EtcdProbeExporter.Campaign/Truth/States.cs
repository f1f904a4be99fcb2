namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>
/// Which states of the exporter fit which injury of a member: the one table that says what is right. A state that tells more exactly
/// what an older release of the exporter called otherwise stands beside the older word; to tighten the table is to take the older one away.
/// </summary>
internal static class States
{
    public static readonly string[] Healthy = ["healthy"];

    /// <summary>The process is frozen, or silent: connections are taken and nothing is answered.</summary>
    public static readonly string[] Silent = ["unresponsive"];

    /// <summary>Packets vanish: what is open falls silent, and what is new is never opened.</summary>
    public static readonly string[] Vanished = ["unresponsive", "unreachable"];

    /// <summary>Nobody listens.</summary>
    public static readonly string[] Dead = ["unreachable"];

    /// <summary>Its log's fdatasync does not return.</summary>
    public static readonly string[] LogHangs = ["write_stalled"];

    /// <summary>Its database's fdatasync does not return.</summary>
    public static readonly string[] DatabaseHangs = ["write_stalled"];

    /// <summary>Cut off from its peers.</summary>
    public static readonly string[] CutOff = ["no_leader"];

    /// <summary>The same where Status is withheld: that nobody leads is not told, only that writes do not end.</summary>
    public static readonly string[] CutOffUnseen = ["no_leader", "write_stalled"];

    /// <summary>The older word for <c>slow</c> while some operations have succeeded again and the newest result of others is still a timeout.</summary>
    public static readonly string[] Returning = ["write_stalled"];

    /// <summary>Its own metrics must have been fetched twice to tell it from a database that hangs.</summary>
    public static readonly string[] Defragments = ["defragmenting", "write_stalled"];

    public static readonly string[] Full = ["no_space"];

    public static readonly string[] Corrupt = ["corrupt"];

    public static readonly string[] Learner = ["learner"];

    public static readonly string[] Foreign = ["foreign"];

    public static readonly string[] Refused = ["unauthorized"];

    /// <summary>A put took long or did not end.</summary>
    public static readonly string[] Slow = ["slow", "write_stalled", "apply_stalled", "watch_stalled"];

    /// <summary>Neither a put nor Status was answered in time.</summary>
    public static readonly string[] Hangs = ["slow", "write_stalled", "apply_stalled", "watch_stalled", "defragmenting", "unresponsive"];

    /// <summary>Stays for ten slots after the last that ran out of time: not late, but so defined.</summary>
    public static readonly string[] Fading = ["slow"];

    /// <summary>How many slots <see cref="Fading"/> lasts.</summary>
    public const int FadingSlots = 11;

    public static readonly string[] Defragmenting = ["defragmenting"];

    public static readonly string[] NoLeader = ["no_leader"];

    /// <summary>Before a probe has ended.</summary>
    public static readonly string[] Unknown = ["unknown"];
}
