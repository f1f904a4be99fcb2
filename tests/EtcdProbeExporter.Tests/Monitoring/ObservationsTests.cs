using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

public sealed class ObservationsTests
{
    [Fact]
    public void A_member_of_the_smaller_cluster_is_foreign_and_the_others_are_not()
    {
        var report = Reported.Cluster(
            [Reported.Endpoint(1, Told.Status(1, 1)), Reported.Endpoint(2, Told.Status(2, 1)), Reported.Endpoint(9, Told.Status(9, 9, cluster: 0xbad))]);

        report.Endpoints.Select(e => e.State).Should().Equal(EndpointState.Healthy, EndpointState.Healthy, EndpointState.Foreign);
    }

    [Fact]
    public void Headers_stand_in_for_a_status_that_is_withheld_and_not_for_one_that_failed()
    {
        Headers(FailureReason.PermissionDenied).Should().Be(new ResponseFacts(Told.ClusterId, 1, 12, 7));
        Headers(FailureReason.Timeout).Should().BeNull("an old header must not hide that the member has gone silent");
    }

    [Fact]
    public void A_probe_that_has_not_ended_is_no_evidence()
    {
        var endpoint = Reported.Endpoint(1, null) with
        {
            Operations = [new OperationSnapshot(ProbeOperation.Put, null, null, TimeSpan.FromSeconds(3))],
        };

        Observations.EvidenceOf(endpoint, null).Put.Should().BeNull();
        Reported.Cluster([endpoint]).Endpoints.Single().State.Should().Be(EndpointState.Unknown);
    }

    private static ResponseFacts? Headers(FailureReason statusFailure)
    {
        var endpoint = Reported.Endpoint(1, null, 3, (ProbeOperation.Status, statusFailure, "told"));
        return (endpoint with
        {
            Operations =
            [
                .. endpoint.Operations.Select(o => o.Operation == ProbeOperation.Get
                    ? o with { Last = o.Last! with { Answer = new ResponseFacts(Told.ClusterId, 1, 12, 7) } }
                    : o),
            ],
        }).Headers;
    }
}
