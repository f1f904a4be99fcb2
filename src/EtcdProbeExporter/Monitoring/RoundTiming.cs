using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Monitoring;

/// <summary>How often a cluster is judged, and for how long what was seen of it counts, by how it is probed. Pure.</summary>
internal sealed class RoundTiming(ProbeConfiguration probe)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>From one round to the next.</summary>
    public TimeSpan Every => TimeSpan.FromTicks(Math.Min(probe.Interval.Ticks, Longest.Ticks));

    /// <summary>For how long a claim to lead counts that is not seen again; see <see cref="Consensus.SplitBrainJudge"/>.</summary>
    public TimeSpan ClaimMemory => probe.Interval + probe.Timeout;

    /// <summary>See <see cref="EndpointPast.PatienceFor"/>.</summary>
    public TimeSpan Patience => EndpointPast.PatienceFor(probe.Interval, probe.Timeout);
}
