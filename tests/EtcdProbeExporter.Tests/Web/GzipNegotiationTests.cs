using EtcdProbeExporter.Web;
using Microsoft.Net.Http.Headers;

namespace EtcdProbeExporter.Tests.Web;

public sealed class GzipNegotiationTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("gzip, deflate, br", true)]
    [InlineData("deflate, br", false)]
    [InlineData("identity", false)]
    [InlineData("gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000, *", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip;q=0.5, identity", false)]
    [InlineData("gzip, identity;q=0.5", true)]
    [InlineData("gzip;q=0.5, identity;q=0.5", true)]
    public void Gzip_is_sent_when_it_is_asked_for(string header, bool expected) =>
        GzipNegotiation.Accepts(StringWithQualityHeaderValue.ParseList(header.Split(','))).Should().Be(expected);
}
