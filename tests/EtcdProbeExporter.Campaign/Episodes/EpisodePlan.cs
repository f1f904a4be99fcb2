using System.Globalization;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>A fault with everything that is random about it.</summary>
internal sealed record PlannedFault(Fault Fault, Victim Preferred, int Seed, TimeSpan Hold);

/// <summary>One episode, as the seed draws it: nothing is decided later that the seed could decide.</summary>
internal sealed record EpisodePlan(int Seed, int Number, ClusterPlan Cluster, IReadOnlyList<PlannedFault> Faults)
{
    public TimeSpan Interval { get; init; }

    public TimeSpan Timeout { get; init; }

    /// <summary>All faults at the same time, a second apart; else one after the other.</summary>
    public bool Together { get; init; }

    /// <summary>With Prometheus, Alertmanager and the shipped rules.</summary>
    public bool Alerting { get; init; }

    /// <summary>Within which the exporter must have seen what is so.</summary>
    public TimeSpan Bound => Timeout + (2 * Interval) + TimeSpan.FromSeconds(1);

    public bool Heavy => Faults.Any(f => f.Fault.Heavy);

    /// <summary>Whether the exporter's user may not see Status.</summary>
    public bool StatusWithheld => Cluster.Releases.Contains(EtcdRelease.StatusForRoot)
        && (Cluster.Security == Security.Auth || Faults.Any(f => f.Fault.DemandsLogin));

    public bool Discovers => Faults.Any(f => f.Fault.Discovers);

    /// <summary>How much of the machine it takes, of <see cref="Units"/>.</summary>
    public int Cost => Heavy ? Units : (Alerting ? 2 : 0) + Cluster.Members switch { 1 => 2, 3 => 3, _ => 4 };

    public const int Units = 9;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cluster}; interval {Interval.TotalSeconds} s, timeout {Timeout.TotalSeconds} s; {string.Join(Together ? " with " : ", then ", Faults.Select(f => f.Fault.Name))}{(Alerting ? "; alerts" : "")}");
}
