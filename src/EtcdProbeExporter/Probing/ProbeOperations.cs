namespace EtcdProbeExporter.Probing;

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
