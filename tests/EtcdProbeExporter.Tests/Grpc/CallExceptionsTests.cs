using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class CallExceptionsTests
{
    [Fact]
    public void A_defect_of_ours_is_not_told_as_the_peers_protocol()
    {
        var act = () => CallExceptions.ToFailure(new InvalidOperationException("defect"), connection: null);

        act.Should().Throw<InvalidOperationException>().WithMessage("defect");
    }

    [Fact]
    public void What_a_torn_down_connection_throws_is_a_lost_connection()
    {
        foreach (var exception in new Exception[] { new IOException("a"), new HttpRequestException("b", new IOException("c")), new ObjectDisposedException("d") })
        {
            CallExceptions.ToFailure(exception, connection: null).Kind.Should().Be(GrpcFailureKind.ConnectionLost);
        }
    }
}
