using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Status;

/// <summary>One cluster as people see it, in the table of <c>check</c>, on the page and in the JSON alike: the report and what follows from it.</summary>
internal sealed record ClusterStatus(ClusterReport Report, IReadOnlyList<Finding> Findings)
{
    /// <summary>Nothing is wrong: there may be findings, but none that asks for action.</summary>
    public bool IsHealthy => Findings.All(f => f.Level == FindingLevel.Info);

    public static ClusterStatus Of(ClusterReport report) => new(
        report,
        [.. ClusterFindings.Of(report).Concat(report.Endpoints.SelectMany(e => EndpointFindings.Of(e, report))).OrderBy(f => f.Level)]);
}
