namespace EtcdProbeExporter.Configuration;

/// <summary>
/// The table of settings. A row stands beside the record that it sets (<see cref="ProbeSettings"/> beside
/// <see cref="ProbeConfiguration"/>); a new setting is a property there, its row, and its use.
/// </summary>
internal static class Settings
{
    /// <summary>The rows in the order of help, README and check-config, under the headings of the help.</summary>
    public static IReadOnlyList<Topic> Topics { get; } =
    [
        new("Endpoints and credentials, as in etcdctl (a flag beats its variable, both beat the file):",
            [.. ClusterSettings.Rows.All, .. TlsSettings.Rows.All, .. AuthSettings.Rows.All],
            "These belong to one cluster and are refused beside a file that has several."),
        new("Configuration file:", ConfigurationFile.Rows.All, "--config.check                    the same as the command check-config"),
        new("Probing (for all clusters, also against the file):", ProbeSettings.Rows.All, "Durations are written as 500ms, 5s or 1m30s."),
        new("Web:", WebSettings.Rows.All),
        new("Logging (to standard error):", LogSettings.Rows.All),
        new("Output of check:", CheckSettings.Rows.All),
    ];

    public static IReadOnlyList<Setting> All { get; } = [.. Topics.SelectMany(topic => topic.Rows)];

    public static IReadOnlyList<Setting<ClusterConfiguration>> OfCluster { get; } = [.. All.OfType<Setting<ClusterConfiguration>>()];

    public static IReadOnlyList<Setting<ExporterConfiguration>> OfExporter { get; } = [.. All.OfType<Setting<ExporterConfiguration>>()];
}

/// <summary>Rows under one heading of the help, and what else there is to say of them.</summary>
internal sealed record Topic(string Heading, IReadOnlyList<Setting> Rows, string? Note = null);

/// <summary>
/// Collects the rows that a class declares, so that a declared one is in the table. Stands first in its class: static fields are
/// initialized from top to bottom.
/// </summary>
internal sealed class SettingRows
{
    private readonly List<Setting> _rows = [];

    public IReadOnlyList<Setting> All => _rows;

    public TSetting Add<TSetting>(TSetting row)
        where TSetting : Setting
    {
        _rows.Add(row);
        return row;
    }
}
