namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>One member of a <see cref="RaftSimulation"/>: what raft allows it to be, and what of that an outsider can see.</summary>
internal sealed class SimulatedMember(ulong id)
{
    public ulong Id { get; } = id;

    /// <summary>The process runs.</summary>
    public bool Up { get; set; } = true;

    /// <summary>The raft loop hangs in fdatasync: no role changes, no commits, and yet it answers.</summary>
    public bool Stalled { get; set; }

    /// <summary>Cut off from its peers, not from us.</summary>
    public bool CutOff { get; set; }

    public bool Leads { get; set; }

    /// <summary>The leader it follows, itself when it leads, 0 when it knows none.</summary>
    public ulong Follows { get; set; }

    public ulong Commit { get; set; }

    public ulong Applied { get; set; }

    /// <summary>Entries applied per step; slow appliers show old terms for long.</summary>
    public int ApplyRate { get; set; } = 50;

    /// <summary>Steps since it last heard of a quorum (as leader) or of a leader.</summary>
    public int Alone { get; set; }

    public bool TakesPart => Up && !Stalled && !CutOff;
}
