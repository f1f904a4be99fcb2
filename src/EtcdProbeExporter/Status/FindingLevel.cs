namespace EtcdProbeExporter.Status;

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
