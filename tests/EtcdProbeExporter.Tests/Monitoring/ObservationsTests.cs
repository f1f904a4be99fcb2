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

    // Seconds: when the put that ran out of time was sent, and when a local read and the member list were answered; when that was asked in vain.
    [Theory]
    [InlineData(10, 9.9, 9.8, null, EndpointState.Unresponsive, "frozen: all answers are older than the silence")]
    [InlineData(10, 9.9, 9.8, 11.5, EndpointState.Unresponsive, "and the member list says nothing")]
    [InlineData(10, 10.5, 9.8, null, EndpointState.WriteStalled, "something of it hangs: it reads")]
    [InlineData(10, 9.9, 11.5, null, EndpointState.WriteStalled, "its backend hangs: only its memory answers")]
    [InlineData(10, 10.2, 9.8, 11.5, EndpointState.Unresponsive, "frozen right after the put was sent")]
    [InlineData(10, 12.0, 9.8, 11.5, EndpointState.WriteStalled, "awake again, and the put of before has not been made up for")]
    internal void An_answer_from_before_the_silence_is_no_sign_of_life(
        double putSent, double readEnded, double listed, double? askedInVain, EndpointState state, string because)
    {
        var endpoint = Reported.Endpoint(1, Told.Status(1, 1));
        ProbeResult Result(ProbeOperation operation, FailureReason? failure, double sent, double ended) => new()
        {
            Operation = operation,
            Sent = TimeSpan.FromSeconds(sent),
            Ended = TimeSpan.FromSeconds(ended),
            EndedAt = default,
            Duration = TimeSpan.FromSeconds(ended - sent),
            Failure = failure,
            Detail = "",
        };
        endpoint = endpoint with
        {
            Operations =
            [
                new OperationSnapshot(ProbeOperation.Put, Result(ProbeOperation.Put, FailureReason.Timeout, putSent, putSent + 3), null, TimeSpan.Zero),
                new OperationSnapshot(ProbeOperation.GetLocal, Result(ProbeOperation.GetLocal, null, readEnded - 0.01, readEnded), null, TimeSpan.Zero),
            ],
            Members = askedInVain is null ? [] : null,
            MembersAnsweredAt = TimeSpan.FromSeconds(listed),
            MembersSilentSince = askedInVain is { } s ? TimeSpan.FromSeconds(s) : null,
        };

        new EndpointJudge().Judge(Reported.Snapshot([endpoint]), TimeSpan.FromSeconds(20)).Single().State.Should().Be(state, because);
    }

    [Fact]
    public void A_late_silence_does_not_undo_a_newer_answer()
    {
        var now = TimeSpan.FromSeconds(20);
        var answered = MemberListSight.None.After([], isSilent: false, TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(12));

        answered.After(null, isSilent: true, TimeSpan.FromSeconds(10), now).Should().Be(answered);
        answered.After(null, isSilent: true, TimeSpan.FromSeconds(13), now).Should().Be(new MemberListSight(null, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(13)));
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
