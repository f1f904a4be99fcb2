namespace EtcdProbeExporter.Probing.Operations;

/// <summary>What a probe does, and the label <c>operation</c>.</summary>
internal enum ProbeOperation
{
    /// <summary>A write through consensus: overwrites the probe key, or in commit mode proposes a write that is never carried out.</summary>
    Put,

    /// <summary>A linearizable read: the member must confirm with a quorum (ReadIndex) before it answers.</summary>
    Get,

    /// <summary>A serializable read: the member's own data, answered without anybody else.</summary>
    GetLocal,

    /// <summary>Maintenance.Status: what the member knows of itself and of the leader, from its memory.</summary>
    Status,

    /// <summary>
    /// A watch on the cluster's probe key: each acknowledged cluster put is to be delivered here. Not started in slots, but by those puts.
    /// </summary>
    Watch,
}

internal static class ProbeOperations
{
    public static string Label(this ProbeOperation operation) => operation switch
    {
        ProbeOperation.Put => "put",
        ProbeOperation.Get => "get",
        ProbeOperation.GetLocal => "get_local",
        ProbeOperation.Status => "status",
        ProbeOperation.Watch => "watch",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "not an operation"),
    };
}
