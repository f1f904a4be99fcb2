using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Status;
using EtcdProbeExporter.Tests.Consensus;

namespace EtcdProbeExporter.Tests.Status;

public sealed class FindingsTests
{
    [Fact]
    public void Of_a_healthy_cluster_there_is_nothing_to_say()
    {
        var status = ClusterStatus.Of(Reported.Healthy());

        status.Findings.Should().BeEmpty();
        status.IsHealthy.Should().BeTrue();
    }

    [Fact]
    public void A_hung_leader_is_told_as_stale_with_the_true_leader_and_the_likely_cause()
    {
        var status = ClusterStatus.Of(Reported.HungLeader());

        status.IsHealthy.Should().BeFalse();
        status.Findings.Select(f => (f.Level, f.Runbook, f.Text)).Should().Equal(
            (FindingLevel.Critical,
                "EtcdStaleLeader",
                "m1:2379 (m1) claims leadership at term 12082; the cluster follows m2:2379 (m2) at term 12083: stale leader, most likely a stalled disk"),
            (FindingLevel.Critical,
                "EtcdEndpointWriteStalled",
                "m1:2379 (m1) is write_stalled: put, get: timeout after 5.00 s; local read and status still answer; its raft index stands still behind the others': "
                + "a write to its log does not return. Clients wired to it lose their writes, while writes through other endpoints succeed"),
            (FindingLevel.Warning,
                "EtcdFaultToleranceExhausted",
                "one more failure stops all writes: 2 of 3 voting members take part, 2 are needed; missing: m1 (its log hangs)"));
    }

    [Fact]
    public void Without_a_quorum_that_is_said_first_and_every_dead_endpoint_by_itself()
    {
        var dead = (ProbeOperation o) => (o, FailureReason.Connect, "connection refused");
        EndpointSnapshot Dead(int n) => Reported.Endpoint(
            n, null, 3, dead(ProbeOperation.Put), dead(ProbeOperation.Get), dead(ProbeOperation.GetLocal), dead(ProbeOperation.Status));
        var report = Reported.Cluster(
            [
                Reported.Endpoint(
                    1,
                    Told.Status(1, 0),
                    3,
                    (ProbeOperation.Put, FailureReason.NoLeader, "etcdserver: no leader"),
                    (ProbeOperation.Get, FailureReason.NoLeader, "etcdserver: no leader")),
                Dead(2),
                Dead(3),
            ],
            writable: false,
            cluster: FailureReason.NoLeader);

        ClusterStatus.Of(report).Findings.Select(f => $"{f.Runbook}: {f.Text}").Should().Equal(
            "EtcdQuorumLost: quorum lost: 1 of 3 members answers, 2 are needed: bring back m2 (refuses connections) or m3 (refuses connections)",
            "EtcdClusterWritesFailing: writes through any endpoint fail: no_leader: told",
            "EtcdClusterReadsFailing: linearizable reads through any endpoint fail: no_leader: told",
            "EtcdNoLeader: no quorum of the members names a leader",
            "EtcdNoLeader: m1:2379 (m1) sees no leader: put, get: no_leader: etcdserver: no leader",
            "EtcdEndpointDown: m2:2379 (m2) cannot be reached: put, get, local read, status: connect: connection refused",
            "EtcdEndpointDown: m3:2379 (m3) cannot be reached: put, get, local read, status: connect: connection refused");
    }

    [Fact]
    public void A_learner_is_told_with_its_lag_and_nothing_is_wrong_for_it()
    {
        var learner = Reported.Endpoint(4, Told.Status(4, 1, applied: 3, learner: true), 4);
        var report = Reported.Cluster(
        [
            .. new ulong[] { 1, 2, 3 }.Select(n => Reported.Endpoint((int)n, Told.Status(n, 1)) with { Members = Told.List(4, 4) }),
            learner with { Operations = [.. learner.Operations.Where(o => o.Operation is ProbeOperation.GetLocal or ProbeOperation.Status)] },
        ]);

        var status = ClusterStatus.Of(report);

        status.IsHealthy.Should().BeTrue();
        status.Findings.Should().ContainSingle().Which.Text.Should().Be("m4:2379 (m4) is a learner, 7 entries behind");
        report.View.Voters.Should().HaveCount(3);
    }

    [Fact]
    public void Members_that_nobody_probes_are_named_and_that_alone_is_no_fault()
    {
        var status = ClusterStatus.Of(Reported.Cluster([Reported.Endpoint(1, Told.Status(1, 1)), Reported.Endpoint(2, Told.Status(2, 1))]));

        status.IsHealthy.Should().BeTrue();
        status.Findings.Should().ContainSingle().Which.Text.Should().Be("not probed, though the member list names it: m3");
    }

    [Fact]
    public void An_alarm_names_its_member_once_per_endpoint_that_tells_of_it()
    {
        var alarmed = Told.Status(1, 1) with { Alarms = [new MemberAlarm(AlarmKind.NoSpace, 2)] };
        var status = ClusterStatus.Of(Reported.Cluster([Reported.Endpoint(1, alarmed, 1)]));

        status.Findings.Should().Contain(f => f.Runbook == "EtcdAlarmNoSpace" && f.Text.StartsWith("m1:2379 (m1) is under a NOSPACE alarm (raised for 2):", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, FindingLevel.Info)]
    [InlineData(500, FindingLevel.Warning)]
    public void A_slow_put_is_worth_a_word_from_a_tenth_of_a_second_and_a_warning_from_half(int milliseconds, object? level)
    {
        var endpoint = Reported.Endpoint(1, Told.Status(1, 1), 1);
        var slow = endpoint with
        {
            Operations = [.. endpoint.Operations.Select(o => o with { Last = o.Last! with { Duration = TimeSpan.FromMilliseconds(milliseconds) } })],
        };

        var findings = ClusterStatus.Of(Reported.Cluster([slow])).Findings;

        findings.Select(f => ((object)f.Level, f.Runbook)).Should().Equal(level is null ? [] : [(level, "EtcdProbeSlowWrites")]);
    }

    [Fact]
    public void Certificates_that_end_within_two_weeks_are_told()
    {
        var endpoint = Reported.Endpoint(1, Told.Status(1, 1), 1) with
        {
            PeerCertificateNotAfter = Reported.Now.AddDays(13),
            ClientCertificateNotAfter = Reported.Now.AddSeconds(-1),
        };

        ClusterStatus.Of(Reported.Cluster([endpoint])).Findings.Select(f => f.Text).Should().Equal(
            "the certificate of m1:2379 (m1) expires at 2026-03-14 03:00 UTC", "our client certificate for m1:2379 (m1) has expired at 2026-03-01 02:59 UTC");
    }

    [Fact]
    public void A_broken_promise_is_told_for_an_hour()
    {
        ClusterReport Broken(int minutesAgo) => Reported.Healthy() with
        {
            Violations = [new PastViolation(Reported.Now.AddMinutes(-minutesAgo), new Violation(ViolationKind.LostWrite, "what"))],
        };

        ClusterStatus.Of(Broken(59)).Findings.Should().ContainSingle().Which.Text.Should().Be(
            "a promise of consistency was broken at 2026-03-01 02:01:00 UTC (lost_write): what");
        ClusterStatus.Of(Broken(61)).Findings.Should().BeEmpty();
    }

    [Fact]
    public void A_member_list_that_is_too_long_is_told_in_one_short_warning()
    {
        var finding = ClusterStatus.Of(Reported.Healthy() with { LeftUndiscovered = 1968 }).Findings.Should().ContainSingle().Subject;

        (finding.Level, finding.Text).Should().Be(
            (FindingLevel.Warning, "the member list is too long to follow: 32 discovered members are probed, 1968 are not"));
    }
}
