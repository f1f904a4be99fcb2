namespace EtcdProbeExporter.Campaign.Exporters;

/// <summary>All that one exporter said in an episode.</summary>
internal sealed record ExporterRecord
{
    /// <summary>When its first process was ready.</summary>
    public TimeSpan Started { get; init; }

    public required IReadOnlyList<Look> Looks { get; init; }

    /// <summary>When it did not run, or was stopped by the injector.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Absences { get; init; } = [];

    public string Log { get; init; } = "";
}
