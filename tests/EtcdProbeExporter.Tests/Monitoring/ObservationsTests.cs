using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
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

    // Seconds: when an attempt to connect failed, and when another operation and the member list were answered.
    [Theory]
    [InlineData(FailureReason.Connect, 10, 10.5, 10.4, EndpointState.Healthy, "it is back, and the put of before has not had its next slot")]
    [InlineData(FailureReason.Connect, 10, 9.5, 9.4, EndpointState.Unreachable, "it has gone, and the read of before has not had its next slot")]
    [InlineData(FailureReason.Dns, 10, 10.5, 9.4, EndpointState.Healthy, "its name is known again")]
    [InlineData(FailureReason.Tls, 10, 9.5, 9.4, EndpointState.TlsError, "its new certificate is no good")]
    [InlineData(FailureReason.Unavailable, 10, 10.5, 10.4, EndpointState.Unknown, "it answers one and refuses the other")]
    [InlineData(FailureReason.Unavailable, 10, 10.5, 10.4, EndpointState.Healthy, "its connections were closed, and are not any more", true)]
    [InlineData(FailureReason.Unavailable, 10, 9.5, 9.4, EndpointState.Unreachable, "its connections are closed now", true)]
    [InlineData(FailureReason.Connect, 10, null, 11, EndpointState.Unreachable, "its member list is ahead of its first probe")]
    internal void Of_no_connection_and_an_answer_the_younger_counts(
        FailureReason failure, double failed, double? answered, double listed, EndpointState state, string because, bool isLost = false)
    {
        var lasts = Ended([(ProbeOperation.Put, failure, failed - 0.01, failed), .. answered is { } at ? new[] { (ProbeOperation.GetLocal, (FailureReason?)null, at - 0.01, at) } : []]);
        var endpoint = lasts with
        {
            Operations = [.. lasts.Operations.Select(o => o.Last is { Failure: not null } last ? o with { Last = last with { IsConnectionLost = isLost } } : o)],
            Members = [],
            MembersAnsweredAt = TimeSpan.FromSeconds(listed),
        };

        EndpointStates.Of(Observations.EvidenceOf(endpoint, null)).Should().Be(state, because);
    }

    [Fact]
    public void Nothing_is_doubted_while_no_call_runs_out_of_time()
    {
        var evidence = Observations.EvidenceOf(
            Ended((ProbeOperation.Put, FailureReason.Unavailable, 10, 11), (ProbeOperation.GetLocal, null, 1, 2)) with { Members = [], MembersAnsweredAt = TimeSpan.Zero }, null);

        (evidence.Put, evidence.GetLocal, evidence.MemberListAnswered).Should().Be((new OperationVerdict(FailureReason.Unavailable), OperationVerdict.Ok, true));
        (evidence.Get, evidence.Status).Should().Be((null, null));
    }

    [Fact]
    public void In_a_silence_only_what_is_silent_is_evidence()
    {
        var evidence = Observations.EvidenceOf(
            Ended((ProbeOperation.Put, FailureReason.Timeout, 10, 13), (ProbeOperation.Get, FailureReason.Connect, 11, 12), (ProbeOperation.GetLocal, null, 8, 9), (ProbeOperation.Status, FailureReason.Other, 8, 9)),
            null);

        (evidence.Put?.Failure, evidence.Get?.Failure, evidence.GetLocal, evidence.Status).Should().Be((FailureReason.Timeout, FailureReason.Connect, null, null));
        evidence.MemberListAnswered.Should().BeFalse();
    }

    [Theory]
    [InlineData(9.99, false, "an answer from before the first call that ran out of time was sent")]
    [InlineData(10, true, "an answer of the same moment")]
    public void The_silence_begins_with_the_first_call_that_ran_out_of_time(double answered, bool alive, string because)
    {
        var endpoint = Ended(
            (ProbeOperation.Put, FailureReason.Timeout, 12, 15), (ProbeOperation.Get, FailureReason.Timeout, 10, 13), (ProbeOperation.GetLocal, null, 9, answered));

        Observations.EvidenceOf(endpoint, null).GetLocal.Should().Be(alive ? OperationVerdict.Ok : null, because);
    }

    [Theory]
    [InlineData(9.99, false)]
    [InlineData(10, true)]
    public void A_member_list_of_that_time_or_later_is_a_sign_of_life(double listed, bool alive)
    {
        var endpoint = Ended((ProbeOperation.Put, FailureReason.Timeout, 10, 13)) with { Members = [], MembersAnsweredAt = TimeSpan.FromSeconds(listed) };

        Observations.EvidenceOf(endpoint, null).MemberListAnswered.Should().Be(alive);
        Observations.EvidenceOf(endpoint with { MembersAnsweredAt = null }, null).MemberListAnswered.Should().BeTrue("nobody has said when");
        Observations.EvidenceOf(endpoint with { Members = null }, null).MemberListAnswered.Should().BeFalse();
    }

    [Theory]
    [InlineData(11, 10.5, false, "the list was asked for in vain after that")]
    [InlineData(9, 10.5, true, "the list was asked for in vain before the put, and that says nothing of what came since")]
    public void A_list_that_was_asked_for_in_vain_moves_the_beginning_of_the_silence(double askedInVain, double answered, bool alive, string because)
    {
        var endpoint = Ended((ProbeOperation.Put, FailureReason.Timeout, 10, 13), (ProbeOperation.GetLocal, null, 9, answered)) with
        {
            MembersSilentSince = TimeSpan.FromSeconds(askedInVain),
        };

        Observations.EvidenceOf(endpoint, null).GetLocal.Should().Be(alive ? OperationVerdict.Ok : null, because);
    }

    [Fact]
    public void A_watch_that_runs_out_of_time_is_no_silence_and_its_answers_are_no_life()
    {
        Observations.EvidenceOf(Ended((ProbeOperation.Watch, FailureReason.Timeout, 10, 13), (ProbeOperation.GetLocal, null, 8, 9)), null)
            .GetLocal.Should().Be(OperationVerdict.Ok);
        Observations.EvidenceOf(Ended((ProbeOperation.Put, FailureReason.Timeout, 10, 13), (ProbeOperation.Watch, null, 10, 12), (ProbeOperation.GetLocal, null, 8, 9)), null)
            .GetLocal.Should().BeNull();
    }

    [Theory]
    [InlineData(0xa1, null, 0xa1, false)]
    [InlineData(0xa1, null, 0xb2, true)]
    [InlineData(0xa1, null, null, false)]
    [InlineData(null, 0xa1, 0xb2, true)]
    [InlineData(null, 0xa1, 0xa1, false)]
    [InlineData(null, null, 0xb2, false)]
    [InlineData(0xa1, 0xb2, 0xa1, false)]
    public void Foreign_is_who_shows_another_id_in_status_or_else_in_a_header(int? status, int? header, int? main, bool foreign)
    {
        var endpoint = Reported.Endpoint(1, status is { } id ? Told.Status(1, 1, cluster: (ulong)id) : null, 3, (ProbeOperation.Status, FailureReason.PermissionDenied, "no"));
        endpoint = endpoint with
        {
            Operations =
            [
                .. endpoint.Operations.Select(o => o.Operation == ProbeOperation.Get && header is { } h
                    ? o with { Last = o.Last! with { Answer = new ResponseFacts((ulong)h, 1, 12, 7) } }
                    : o),
            ],
        };

        Observations.EvidenceOf(endpoint, (ulong?)main).IsForeign.Should().Be(foreign);
    }

    [Fact]
    public void The_id_that_was_settled_on_counts_more_than_what_most_show_now()
    {
        var report = Reported.Cluster([Reported.Endpoint(1, Told.Status(1, 1)), Reported.Endpoint(8, Told.Status(8, 9, cluster: 0xbad)), Reported.Endpoint(9, Told.Status(9, 9, cluster: 0xbad))]);

        Judged(report.Probes with { ClusterId = Told.ClusterId }).Select(o => o.State)
            .Should().Equal(EndpointState.Healthy, EndpointState.Foreign, EndpointState.Foreign);
        Judged(report.Probes).Select(o => o.State).Should().Equal(EndpointState.Foreign, EndpointState.Healthy, EndpointState.Healthy);
    }

    [Fact]
    public void An_observation_has_all_that_the_snapshot_has()
    {
        var endpoint = Reported.Endpoint(1, Told.Status(1, 1));

        Judged(Reported.Cluster([endpoint]).Probes).Single().Should().BeEquivalentTo(new EndpointObservation
        {
            Endpoint = "m1:2379",
            State = EndpointState.Healthy,
            Sample = endpoint.Sample,
            Headers = null,
            Members = endpoint.Members,
            LastMemberId = 1,
        });
    }

    [Fact]
    public void A_late_silence_does_not_undo_a_newer_answer()
    {
        var now = TimeSpan.FromSeconds(20);
        var answered = MemberListSight.None.After([], isSilent: false, TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(12));

        answered.After(null, isSilent: true, TimeSpan.FromSeconds(10), now).Should().Be(answered);
        answered.After(null, isSilent: true, TimeSpan.FromSeconds(13), now).Should().Be(new MemberListSight(null, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(13)));
    }

    [Fact]
    public void Of_two_results_that_exclude_each_other_and_ended_at_once_neither_is_from_before_the_other()
    {
        var evidence = Observations.EvidenceOf(Ended((ProbeOperation.Put, FailureReason.Connect, 9, 10), (ProbeOperation.Get, null, 9.9, 10)), null);

        (evidence.Put, evidence.Get).Should().Be((new OperationVerdict(FailureReason.Connect), new OperationVerdict(null)));
    }

    [Theory]
    [InlineData(null, 1ul)]
    [InlineData(EndpointKind.Member, 1ul)]
    [InlineData(EndpointKind.Gateway, null)] // the next answer comes from whomever it leads to then
    internal void Only_where_one_member_answers_the_last_one_is_the_one(EndpointKind? kind, ulong? member) =>
        Observations.Observe(Reported.Endpoint(1, null) with { Kind = kind }, EndpointPast.None).LastMemberId.Should().Be(member);

    private static IReadOnlyList<EndpointObservation> Judged(ClusterSnapshot probes) => new EndpointJudge().Judge(probes, TimeSpan.FromSeconds(20));

    private static EndpointSnapshot Ended(params (ProbeOperation Operation, FailureReason? Failure, double Sent, double Ended)[] results) =>
        Reported.Endpoint(1, null) with
        {
            Operations =
            [
                .. results.Select(r => new OperationSnapshot(
                    r.Operation,
                    new ProbeResult
                    {
                        Operation = r.Operation,
                        Sent = TimeSpan.FromSeconds(r.Sent),
                        Ended = TimeSpan.FromSeconds(r.Ended),
                        EndedAt = default,
                        Duration = TimeSpan.FromSeconds(r.Ended - r.Sent),
                        Failure = r.Failure,
                        Detail = "",
                    },
                    null,
                    TimeSpan.Zero)),
            ],
        };

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
