using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class ProbeOutcomeTests
{
    /// <summary>Status 0 alone acknowledges nothing: a web server that answers every gRPC call with an empty message was a healthy etcd.</summary>
    [Fact]
    public void An_answer_without_a_header_is_not_an_answer_of_etcd()
    {
        GrpcCallResult<PutResponse> put = new PutResponse();

        var outcome = ProbeOutcome.From(put, r => r.Header);

        outcome.Failure.Should().Be(FailureReason.Protocol);
        outcome.Detail.Should().Be("answer without a response header: not etcd?");
        outcome.Answer.Should().BeNull();
    }

    [Fact]
    public void An_empty_header_is_what_kine_sends()
    {
        GrpcCallResult<RangeResponse> get = new RangeResponse { Header = new ResponseHeader() };

        var outcome = ProbeOutcome.From(get, r => r.Header);

        outcome.Failure.Should().BeNull();
        outcome.Answer.Should().Be(new ResponseFacts(0, 0, 0, 0));
    }
}
