namespace EtcdProbeExporter.Instrumentation;

/// <summary>Label names of the product's metrics. <c>cluster</c> and <c>endpoint</c> alone would clash with labels that Prometheus setups attach.</summary>
internal static class Label
{
    public const string Cluster = "etcd_cluster";
    public const string Endpoint = "etcd_endpoint";
    public const string Operation = "operation";
    public const string Reason = "reason";
}
