using EtcdProbeExporter.Campaign.Clusters;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Takes a fault back.</summary>
internal delegate Task Repair();

/// <summary>One way to make a cluster, or what watches it, ill.</summary>
/// <param name="Name">As the report names it.</param>
/// <param name="Weight">How often it is drawn, against the others.</param>
/// <param name="BeginAsync">Does it.</param>
internal sealed record Fault(string Name, int Weight, Func<Scene, Task<Repair>> BeginAsync)
{
    public int LeastMembers { get; init; } = 1;

    /// <summary>How clusters may let clients in that it is done to; empty: any way.</summary>
    public IReadOnlyList<Security> Securities { get; init; } = [];

    /// <summary>Needs members with networks of their own.</summary>
    public bool Namespaced { get; init; }

    /// <summary>Something of the campaign's own stands between: cannot be done to members with networks of their own.</summary>
    public bool OnLoopback { get; init; }

    /// <summary>The exporter looks for members in the member list.</summary>
    public bool Discovers { get; init; }

    /// <summary>The only fault of its episode.</summary>
    public bool Alone { get; init; }

    /// <summary>Takes the whole machine: no other episode meanwhile.</summary>
    public bool Heavy { get; init; }

    /// <summary>Takes minutes: no part of a short campaign.</summary>
    public bool Long { get; init; }

    /// <summary>Over when it has begun: nothing to hold.</summary>
    public bool Momentary { get; init; }

    /// <summary>Switches auth on.</summary>
    public bool DemandsLogin { get; init; }

    /// <summary>Arguments that the members need.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The release that it begins with; null: any.</summary>
    public string? Release { get; init; }

    /// <summary>Releases that must be at hand.</summary>
    public IReadOnlyList<string> Releases { get; init; } = [];

    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Settings of the exporter's probe section that it needs.</summary>
    public string Probe { get; init; } = "";

    /// <summary>What the exporter is started with and who answers beside the members.</summary>
    public Func<Scene, Task>? PrepareAsync { get; init; }

    /// <summary>What must be told to whom where it is held long enough; null: never judged by alerts.</summary>
    public Alerts? Alerts { get; init; }

    public override string ToString() => Name;
}

/// <summary>Alerts of a fault: those that must come, and those that may.</summary>
internal sealed record Alerts(IReadOnlyList<string> Pages, IReadOnlyList<string> MayPage, IReadOnlyList<string> Tickets)
{
    public static readonly Alerts None = new([], [], []);
}
