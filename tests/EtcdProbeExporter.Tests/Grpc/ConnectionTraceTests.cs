using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Tests.Grpc.Hostile;

namespace EtcdProbeExporter.Tests.Grpc;

/// <summary>What a connection is said to have ended of, without any socket.</summary>
public sealed class ConnectionTraceTests
{
    [Theory]
    [InlineData(false, "", "unavailable")]
    [InlineData(true, "", "tls")] // a client certificate that is refused in TLS 1.3
    [InlineData(false, "5353", "protocol")]
    [InlineData(false, "000000040000000000", "unavailable")]
    [InlineData(true, "000000040000000000", "unavailable")] // it has let us in: not the certificate
    [InlineData(false, "000000040000000000" + "0000080700000000000000000000000000", "unavailable")] // GOAWAY, no error
    [InlineData(false, "000000040000000000" + "000008070000000000000000000000000b", "too_many_requests")] // ENHANCE_YOUR_CALM
    [InlineData(false, "000000040000000000" + "0000080700000000000000000000000002", "protocol")] // INTERNAL_ERROR
    public void What_came_first_decides_whatever_breaks(bool secured, string hex, string reason)
    {
        foreach (var cause in new Exception?[] { null, new IOException("reset"), new ObjectDisposedException("stream") })
        {
            var trace = new ConnectionTrace(secured, dialedAt: 0);
            trace.Received(Convert.FromHexString(hex));

            FailureReasons.Classify(trace.Ended(cause)).Label().Should().Be(reason);
            trace.LastWord().Should().BeSameAs(trace.Verdict, "the first verdict stays");
        }
    }

    [Fact]
    public void A_connection_that_answered_may_say_GOAWAY_and_go_on()
    {
        var trace = new ConnectionTrace(secured: false, dialedAt: 0);
        trace.MarkAnswered();

        trace.Received([.. RawFrames.EmptySettings, .. RawFrames.Leave(1, 0)]).Should().BeNull();
        trace.Verdict.Should().BeNull();
    }

    [Fact]
    public void Calls_explain_traffic()
    {
        var allowance = new TrafficAllowance(maxMessageSize: 1000);
        var meter = new Http2FrameMeter();
        for (var i = 0; i < 600; i++)
        {
            meter.Feed(RawFrames.Frame(RawFrames.Ping, payload: new byte[8]));
        }

        allowance.IsExceeded(meter, allowance.CallsSince(0)).Should().BeTrue();
        allowance.CallBegins();
        allowance.IsExceeded(meter, allowance.CallsSince(0)).Should().BeFalse("a call is under way");
        allowance.CallEnds();
        allowance.IsExceeded(meter, allowance.CallsSince(0)).Should().BeFalse("it was, in this second");
        allowance.IsExceeded(meter, allowance.CallsSince(allowance.Begun)).Should().BeTrue("the next second knows of none");
    }
}
