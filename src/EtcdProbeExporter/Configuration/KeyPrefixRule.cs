namespace EtcdProbeExporter.Configuration;

/// <summary>Keeps probe writes away from anybody's data; a wrong prefix here is the one setting that could break a cluster.</summary>
internal static class KeyPrefixRule
{
    private const string Kubernetes = "/registry";

    /// <summary>Null when the prefix may be written under.</summary>
    public static string? Objection(string prefix) => prefix switch
    {
        _ when string.IsNullOrWhiteSpace(prefix) => "the prefix is empty: probes would write among all other keys",
        "/" => "the prefix covers every key that starts with \"/\": probes need a place of their own, such as /etcd-probe/",
        _ when prefix.Contains('\0') => "the prefix contains a NUL character",
        _ when prefix.StartsWith(Kubernetes, StringComparison.Ordinal) => "Kubernetes keeps its objects under /registry; probes never write inside it",
        _ when Kubernetes.StartsWith(prefix, StringComparison.Ordinal) => "the prefix covers /registry, where Kubernetes keeps its objects",
        _ => null,
    };
}
