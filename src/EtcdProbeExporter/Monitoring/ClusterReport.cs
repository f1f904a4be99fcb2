using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Everything there is to say of one cluster, as one round found it. All that is shown anywhere (metrics, pages, tables) is made from the
/// report of one round and judged once, so that no two parts of it contradict each other.
/// </summary>
internal sealed record ClusterReport(
    ClusterSnapshot Probes, IReadOnlyList<MonitoredEndpoint> Endpoints, ClusterView View, SplitBrainVerdict SplitBrain)
{
    /// <summary>The broken promises noticed last, oldest first; a few, since the start.</summary>
    public IReadOnlyList<PastViolation> Violations { get; init; } = [];

    /// <summary>The restores noticed last, oldest first; a few, since the start.</summary>
    public IReadOnlyList<PastRestoration> Restorations { get; init; } = [];

    /// <summary>Why credential files cannot be used at present; see <see cref="Credentials.ClusterCredentials.Objections"/>.</summary>
    public IReadOnlyList<string> CredentialObjections { get; init; } = [];

    /// <summary>How many members of the list are not probed because there are more than <see cref="Discovery.MostDiscovered"/>.</summary>
    public int LeftUndiscovered { get; init; }
}

/// <summary>An endpoint with the verdict on it.</summary>
internal sealed record MonitoredEndpoint(EndpointSnapshot Probes, EndpointState State)
{
    /// <summary>Where the member hangs; null: it does not.</summary>
    public StallSite? Stall { get; init; }
}

/// <summary>A broken promise and when it was noticed.</summary>
internal sealed record PastViolation(DateTimeOffset At, Violation Violation);

/// <summary>A restore and when it was noticed.</summary>
internal sealed record PastRestoration(DateTimeOffset At, Restoration Restoration);
