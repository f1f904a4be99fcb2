using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class GrpcFrameTests
{
    [Fact]
    public void A_frame_is_a_flag_the_length_and_the_message()
    {
        var frame = GrpcFrame.Encode(new AuthenticateRequest { Name = "ab" });

        frame.Should().Equal(0, 0, 0, 0, 4, 0x0A, 2, (byte)'a', (byte)'b');
    }

    [Fact]
    public void An_empty_message_is_a_frame_of_length_zero()
    {
        GrpcFrame.Encode(new StatusRequest()).Should().Equal(0, 0, 0, 0, 0);
    }

    [Fact]
    public void A_header_within_the_limit_gives_its_length()
    {
        GrpcFrame.ParseHeader([0, 0, 0, 1, 0], 256, out var length).Should().BeNull();

        length.Should().Be(256);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 1, 1 }, GrpcStatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, GrpcStatusCode.ResourceExhausted)]
    [InlineData(new byte[] { 1, 0, 0, 0, 1 }, GrpcStatusCode.Internal)]
    [InlineData(new byte[] { 7, 0, 0, 0, 1 }, GrpcStatusCode.Internal)]
    internal void A_header_over_the_limit_or_with_a_flag_is_refused(byte[] header, GrpcStatusCode code)
    {
        var failure = GrpcFrame.ParseHeader(header, 256, out var length);

        failure!.Kind.Should().Be(GrpcFailureKind.Protocol);
        failure.Status.Code.Should().Be(code);
        length.Should().Be(0);
    }
}
