namespace EtcdProbeExporter.Campaign.Exporters;

/// <summary>What one scrape said of the cluster.</summary>
/// <param name="Sent">When it was asked for.</param>
/// <param name="Received">When it had been answered.</param>
internal sealed record Look(TimeSpan Sent, TimeSpan Received)
{
    /// <summary>State per endpoint; several of one endpoint, or none, are told as such.</summary>
    public required IReadOnlyDictionary<string, string> States { get; init; }

    public required IReadOnlyList<string> Verdicts { get; init; }

    /// <summary>Violations per kind, those above 0.</summary>
    public required IReadOnlyDictionary<string, double> Violations { get; init; }

    /// <summary>Internal errors per place, those above 0.</summary>
    public required IReadOnlyDictionary<string, double> InternalErrors { get; init; }

    /// <summary>Hexadecimal; null while no leader is named.</summary>
    public string? LeaderId { get; init; }

    public string? LeaderEndpoint { get; init; }

    public double? HasLeader { get; init; }

    public double? Tolerance { get; init; }

    public double? Writable { get; init; }

    public double? LeadersClaimed { get; init; }

    public double? Voters { get; init; }

    /// <summary>member, proxy, gateway or compatible, of each endpoint.</summary>
    public required IReadOnlyDictionary<string, string> Kinds { get; init; }
}
