using System.Text.Json;

namespace EtcdProbeExporter.MemberMetrics;

/// <summary>
/// The body of <c>/sd/etcd</c>, as Prometheus' http_sd_configs wants it (https://prometheus.io/docs/prometheus/latest/http_sd/). A target is
/// the exporter itself, which passes the member's metrics through with the cluster's certificate, so that this certificate is needed in one
/// place only; with <c>direct</c> it is the member. <c>instance</c> is set to the endpoint: Prometheus would take the target's address,
/// which is the same for all members.
/// </summary>
internal static class ServiceDiscovery
{
    public static byte[] Write(IEnumerable<MemberTarget> targets, ScrapeAddress exporter, bool direct)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var target in targets.Where(t => t.IsFirst)) // two targets for one member would count it twice
            {
                Write(json, target, exporter, direct);
            }

            json.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, MemberTarget target, ScrapeAddress exporter, bool direct)
    {
        var url = target.MetricsUrl;
        json.WriteStartObject();
        json.WriteStartArray("targets");
        json.WriteStringValue(direct ? url.Authority : exporter.Authority);
        json.WriteEndArray();
        json.WriteStartObject("labels");
        json.WriteString("__scheme__", direct ? url.Scheme : exporter.Scheme);
        json.WriteString("__metrics_path__", direct ? url.AbsolutePath : exporter.PathPrefix + "/etcd/metrics");
        if (!direct)
        {
            json.WriteString("__param_cluster", target.Cluster.Name);
            json.WriteString("__param_endpoint", target.Endpoint.Label);
        }

        json.WriteString("etcd_cluster", target.Cluster.Name);
        json.WriteString("etcd_endpoint", target.Endpoint.Label);
        json.WriteString("etcd_member", target.Member);
        json.WriteString("instance", target.Endpoint.Label);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
