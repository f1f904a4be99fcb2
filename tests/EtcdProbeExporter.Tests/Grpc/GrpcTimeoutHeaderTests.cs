using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class GrpcTimeoutHeaderTests
{
    [Theory]
    [InlineData(0, "1n")]
    [InlineData(-5, "1n")]
    [InlineData(1, "1m")]
    [InlineData(10_000, "1m")]
    [InlineData(10_001, "2m")]
    [InlineData(50_000_000, "5000m")]
    [InlineData(999_999_990_000, "99999999m")]
    [InlineData(999_999_990_001, "100000S")]
    [InlineData(long.MaxValue, "99999999S")]
    public void Rounds_up_and_keeps_to_eight_digits(long ticks, string header)
    {
        GrpcTimeoutHeader.Encode(TimeSpan.FromTicks(ticks)).Should().Be(header);
    }
}
