using System.Text.Json;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>What anybody can send: no header makes an exception, and none gets further than it should.</summary>
public sealed class HeaderFuzzTests
{
    private static readonly string[] Pieces =
    [
        "text/plain", "application/openmetrics-text", "application/vnd.google.protobuf", "*/*", "text/*", ";q=0.5", ";q=1", ";q=", ";version=1.0.0", ";version=\"0.0.4\"",
        "; escaping=allow-utf-8", "; escaping=\"", ";proto=io.prometheus.client.MetricFamily", ";encoding=delimited", "gzip", "identity", "*", ",", ", ,", "\"\\", ";;",
    ];

    private static readonly string[] KnownTypes = ["text/plain", "application/openmetrics-text", "application/vnd.google.protobuf"];
    private static readonly string[] Hosts = ["a", "a.example:10379", "10.0.0.1:1", "[::1]:10379", "[fe80::1]", "x%41", "a:65535", "http://a.example"];
    private static readonly string[] HostPieces = [":", "[", "]", "/", "@", "?", "#", "%41", "%", "..", "[::1]", ":99999", " ", "\\", "http://"];

    [Fact]
    public void Any_accept_header_selects_one_of_the_formats() => Fuzz.Run(60_000, random =>
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Accept = Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Mutated(Pieces[random.Next(6)], Pieces)).ToArray();

        var format = FormatNegotiation.Select(request.GetTypedHeaders().Accept);

        if (!KnownTypes.Contains(format.ContentType.Split(';')[0]) || format.ContentType.Length > 150 || format.ContentType.Any(char.IsControl))
        {
            throw new InvalidOperationException($"{request.Headers.Accept} selects {format.ContentType}");
        }
    });

    [Fact]
    public void Any_accept_encoding_is_a_yes_or_no() => Fuzz.Run(60_000, random =>
    {
        var request = new DefaultHttpContext().Request;
        var written = random.Mutated("gzip;q=0.5, *", Pieces);
        request.Headers.AcceptEncoding = written;

        if (GzipNegotiation.Accepts(request.GetTypedHeaders().AcceptEncoding) && !written.Contains("gzip", StringComparison.OrdinalIgnoreCase) && !written.Contains('*'))
        {
            throw new InvalidOperationException($"{written} asks for no gzip");
        }
    });

    [Fact]
    public void A_host_that_passes_is_the_authority_of_a_URL_and_nothing_else() => Fuzz.Run(60_000, random =>
    {
        var host = random.Next(3) == 0 ? random.Text(12, ":[]/@?#%.0123456789") : random.Mutated(Hosts[random.Next(Hosts.Length)], HostPieces);
        var request = new DefaultHttpContext().Request;
        request.Headers.Host = host;
        request.Headers.Origin = random.Mutated("http://a.example:10379", HostPieces);
        _ = RequestOrigin.IsForeign(request, null);
        if (!RequestOrigin.IsHost(host))
        {
            return;
        }

        if (host.Any(c => "/@?#\\ \"<>".Contains(c, StringComparison.Ordinal)) || host.Any(c => !char.IsAscii(c) || char.IsControl(c)))
        {
            throw new InvalidOperationException($"{host} passes");
        }

        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [new EndpointAddress("http", "m", 1)] };
        using var json = JsonDocument.Parse(ServiceDiscovery.Write([new MemberTarget(cluster, ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!, cluster.Endpoints[0], "m", true)], new ScrapeAddress("http", host, ""), direct: false));
        if (json.RootElement[0].GetProperty("targets")[0].GetString() != host)
        {
            throw new InvalidOperationException($"{host} is written otherwise");
        }
    });
}
