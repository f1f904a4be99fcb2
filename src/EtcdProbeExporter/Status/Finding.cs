namespace EtcdProbeExporter.Status;

/// <summary>
/// Something worth saying, in a sentence with its evidence. <paramref name="Endpoint"/> is null when it concerns the cluster;
/// <paramref name="Runbook"/> names the alert of the same matter, whose page in <c>rules/runbooks</c> says what to do.
/// </summary>
internal sealed record Finding(FindingLevel Level, string? Endpoint, string Text, string Runbook)
{
    /// <summary>Where the runbooks are for people with a browser.</summary>
    public const string RunbookFolder = "https://github.com/etcd-probe-exporter/etcd-probe-exporter/blob/main/rules/runbooks/";

    public Uri RunbookUrl => new(RunbookFolder + Runbook + ".md");
}

/// <summary>How much a finding matters. Order is that of reporting: the worst first.</summary>
internal enum FindingLevel
{
    /// <summary>Users of the cluster feel it, or its data is in danger.</summary>
    Critical,

    /// <summary>It works, with less in reserve than it should have.</summary>
    Warning,

    /// <summary>Worth knowing; <c>check</c> still calls the cluster healthy.</summary>
    Info,
}
