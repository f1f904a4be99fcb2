namespace EtcdProbeExporter.Supervision;

/// <summary>The part of the exporter in which an unforeseen exception was caught; the label <c>where</c>.</summary>
internal enum ExporterPart
{
    /// <summary>One slot of put, get, get_local or status, of an endpoint or of the cluster, or of the member list.</summary>
    Probe,

    /// <summary>The watch of an endpoint, or an event that was due on it.</summary>
    Watch,

    /// <summary>Putting together and judging what is known of a cluster.</summary>
    Round,

    /// <summary>Replacing a connection by a fresh one.</summary>
    Link,

    /// <summary>Following the member list.</summary>
    Discovery,

    /// <summary>Comparing the members' hashes.</summary>
    Hash,

    /// <summary>Asking a member that hangs for its own metrics.</summary>
    Witness,

    /// <summary>A scrape of <c>/metrics</c>.</summary>
    Scrape,

    /// <summary>Any other HTTP request.</summary>
    Page,

    /// <summary>Loading the configuration again.</summary>
    Reload,
}

internal static class ExporterParts
{
    /// <summary>All parts: a counter exists for each of them from the start.</summary>
    public static readonly IReadOnlyList<ExporterPart> All = Enum.GetValues<ExporterPart>();

    public static string Label(this ExporterPart part) => part switch
    {
        ExporterPart.Probe => "probe",
        ExporterPart.Watch => "watch",
        ExporterPart.Round => "round",
        ExporterPart.Link => "link",
        ExporterPart.Discovery => "discovery",
        ExporterPart.Hash => "hash",
        ExporterPart.Witness => "witness",
        ExporterPart.Scrape => "scrape",
        ExporterPart.Page => "page",
        ExporterPart.Reload => "reload",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "not a part of the exporter"),
    };
}
