using EtcdProbeExporter.Web;
using Microsoft.Net.Http.Headers;

namespace EtcdProbeExporter.Tests.Web;

public sealed class FormatNegotiationTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string Text1 = "text/plain; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores";
    private const string OpenMetricsUtf8 = "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8";
    private const string Protobuf = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

    [Theory]
    [InlineData("", Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Text)]
    [InlineData("application/json", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("text/plain;version=1.0.0;escaping=allow-utf-8", Text1)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", OpenMetricsUtf8)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5", Protobuf)]
    [InlineData("application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text;q=0.6,text/plain;version=0.0.4;q=0.3", Text)]
    [InlineData("application/openmetrics-text;version=2.0.0,text/plain;version=0.0.4;q=0.1", Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0,text/plain;q=0.1", Text)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=\"x\\\"y\"", OpenMetrics)]
    public void The_supported_format_with_the_highest_weight_wins(string accept, string contentType)
    {
        var parsed = MediaTypeHeaderValue.TryParseList([accept], out var list) ? list : [];

        FormatNegotiation.Select(parsed).ContentType.Should().Be(contentType);
    }
}
