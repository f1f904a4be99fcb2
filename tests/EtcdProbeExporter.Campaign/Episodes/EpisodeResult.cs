namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>One line of the results: what was tried, and how the exporter judged it. Written as JSON.</summary>
internal sealed record EpisodeResult
{
    public required int Seed { get; init; }

    public required int Number { get; init; }

    public required string Plan { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public required IReadOnlyList<string> Releases { get; init; }

    public required int Members { get; init; }

    public required string Security { get; init; }

    public double IntervalSeconds { get; init; }

    public double TimeoutSeconds { get; init; }

    public bool Alerting { get; init; }

    public DateTimeOffset Began { get; init; }

    public double Seconds { get; init; }

    /// <summary>Faults that could not be done, with the reason: no fault of the exporter's.</summary>
    public IReadOnlyList<string> NotApplied { get; init; } = [];

    /// <summary>Why the whole episode says nothing, such as a cluster that did not start; null: it counts.</summary>
    public string? Void { get; init; }

    public IReadOnlyList<string> Misjudged { get; init; } = [];

    /// <summary>Scrapes: truth, state, count.</summary>
    public IReadOnlyList<MatrixCell> Matrix { get; init; } = [];

    public IReadOnlyList<Detection> Detections { get; init; } = [];

    /// <summary>Scrapes that could be held against each kind of fact of the cluster.</summary>
    public IReadOnlyDictionary<string, int> Compared { get; init; } = new Dictionary<string, int>();

    /// <summary>What arrived at each receiver, where there was alerting.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    public IReadOnlyList<string> Tickets { get; init; } = [];

    /// <summary>What the machine lost while others used it.</summary>
    public double LagSeconds { get; init; }
}

internal sealed record MatrixCell(string Truth, string State, int Scrapes);

/// <summary>How long a fault took to be seen; null: it was not.</summary>
internal sealed record Detection(string Fault, double? Seconds, double BoundSeconds);
