using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class GrpcStatusTests
{
    [Theory]
    [InlineData("0", GrpcStatusCode.Ok)]
    [InlineData("14", GrpcStatusCode.Unavailable)]
    [InlineData("99", (GrpcStatusCode)99)]
    [InlineData("", GrpcStatusCode.Unknown)]
    [InlineData("abc", GrpcStatusCode.Unknown)]
    [InlineData("-1", GrpcStatusCode.Unknown)]
    internal void Status_is_a_decimal_number_or_unknown(string header, GrpcStatusCode code)
    {
        GrpcStatus.Parse(header, null).Should().Be(new GrpcStatus(code, ""));
    }

    [Theory]
    [InlineData("etcdserver: no leader", "etcdserver: no leader")]
    [InlineData("%09%0Atest%20\u00e9", "  test \u00e9")]
    [InlineData("%F0%9F%98%88", "\U0001F608")]
    [InlineData("100% of %zz", "100% of %zz")]
    [InlineData("cut%", "cut%")]
    public void Message_is_percent_decoded_and_a_bad_escape_stays_readable(string header, string message)
    {
        GrpcStatus.Parse("2", header).Message.Should().Be(message);
    }

    [Theory]
    [InlineData(400, GrpcStatusCode.Internal)]
    [InlineData(401, GrpcStatusCode.Unauthenticated)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(429, GrpcStatusCode.Unavailable)]
    [InlineData(431, GrpcStatusCode.Internal)]
    [InlineData(500, GrpcStatusCode.Unknown)]
    [InlineData(502, GrpcStatusCode.Unavailable)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(504, GrpcStatusCode.Unavailable)]
    internal void Http_statuses_map_as_the_specification_says(int http, GrpcStatusCode code)
    {
        GrpcStatus.FromHttpStatus(http).Should().Be(code);
    }

    [Theory]
    [InlineData(0, GrpcStatusCode.Internal)]
    [InlineData(1, GrpcStatusCode.Internal)]
    [InlineData(2, GrpcStatusCode.Internal)]
    [InlineData(5, GrpcStatusCode.Internal)]
    [InlineData(7, GrpcStatusCode.Unavailable)]
    [InlineData(8, GrpcStatusCode.Cancelled)]
    [InlineData(11, GrpcStatusCode.ResourceExhausted)]
    [InlineData(12, GrpcStatusCode.PermissionDenied)]
    [InlineData(13, GrpcStatusCode.Internal)]
    internal void Http2_error_codes_map_as_the_specification_says(long error, GrpcStatusCode code)
    {
        GrpcStatus.FromHttp2ErrorCode(error).Should().Be(code);
    }
}
