using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Logging;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>One record a round, with what earlier rounds have to say to it, and one log line a change.</summary>
public sealed class RoundJudgeTests : IDisposable
{
    private readonly RoundJudge _judge = new(TimeSpan.FromSeconds(3));
    private readonly StringWriter _text = new();
    private readonly LineLoggerProvider _provider;
    private readonly RoundLog _log;
    private double _now = 10;

    public RoundJudgeTests()
    {
        _provider = new LineLoggerProvider(_text, new LogConfiguration(), TimeProvider.System);
        _log = new RoundLog("prod", _provider.CreateLogger("x"));
    }

    private string[] Lines => _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_verdict_is_of_the_same_round_as_the_view_that_it_stands_beside()
    {
        HungLeader(1, 2);
        var report = HungLeader(1, 2);

        report.SplitBrain.State.Should().Be(SplitBrainState.StaleLeader);
        report.SplitBrain.StaleClaims.Select(c => (c.MemberId, c.Term)).Should().Equal((1ul, 7ul));
        report.View.Claims.Should().HaveCount(2);
        report.View.Leader!.MemberId.Should().Be(2);
    }

    [Fact]
    public void When_who_is_stale_changes_the_log_says_so_again()
    {
        HungLeader(1, 2);
        HungLeader(1, 2);
        HungLeader(1, 2);
        Lines.Count(l => l.Contains("stale_leader", StringComparison.Ordinal)).Should().Be(1, "one line a change, not one a round");

        for (var i = 0; i < 3; i++)
        {
            HungLeader(2, 3);
        }

        Lines.Where(l => l.Contains("stale_leader", StringComparison.Ordinal)).Should().HaveCountGreaterThan(1).And.Subject.Last()
            .Should().Contain("stale leader: m2 (m2:2379) at term 7; the cluster follows m3 (m3:2379) at term 8");
    }

    [Fact]
    public void A_restore_is_an_event_in_log_and_report_and_ends_the_verdict_on_what_was_before()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270), (3, 1, 7, 270));
        _judge.Witness(Put(revision: 270));
        _judge.Witness(Get(revision: 36, at: _now + 0.5));

        var report = Round(1, (1, 3, 2, 36), (2, 3, 2, 36), (3, 3, 2, 36));

        report.Restorations.Should().ContainSingle().Which.Restoration.ToString().Should().Be("term 7 → 2, revision 270 → 36, at least 234 revisions lost");
        report.Violations.Should().BeEmpty();
        report.SplitBrain.State.Should().Be(SplitBrainState.None);
        Lines.Should().Contain(l => l.Contains("prod was restored from a snapshot: term 7 → 2, revision 270 → 36, at least 234 revisions lost", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_cluster_behind_most_endpoints_is_an_event_and_accuses_nobody()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270), (3, 1, 7, 270));
        _judge.Witness(Put(revision: 270));

        var report = Round(0xc2, (4, 4, 2, 3), (5, 4, 2, 3), (6, 4, 2, 3));

        report.Violations.Should().BeEmpty();
        report.View.MainClusterId.Should().Be(0xc2);
        Lines.Should().Contain(l => l.Contains("prod is another cluster now", StringComparison.Ordinal));
    }

    [Fact]
    public void The_list_that_was_known_last_stays_while_nobody_answers()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270), (3, 1, 7, 270));

        var (report, _) = _judge.Judge(Snapshot(1, [.. Enumerable.Range(1, 3).Select(i => Reported.Endpoint(i, null))]) with { Writable = false }, Now());

        (report.View.Voters!.Count, report.View.QuorumSize).Should().Be((3, 2));
    }

    [Fact]
    public void A_read_that_missed_a_write_is_a_violation_a_verdict_and_an_event()
    {
        Round(1, (1, 1, 7, 270));
        _judge.Witness(Put(revision: 270));
        _judge.Witness(Get(revision: 269, at: _now + 0.5));

        var (report, outcome) = Judged(1, (1, 1, 7, 270));

        report.SplitBrain.State.Should().Be(SplitBrainState.Confirmed);
        report.SplitBrain.Evidence.Should().StartWith("a linearizable read through member 1 answered at revision 269");
        report.Violations.Single().Should().Be(new PastViolation(Reported.Now, outcome.Violations.Single()));
        Round(1, (1, 1, 7, 271)).Violations.Should().HaveCount(1, "it is remembered");
    }

    [Fact]
    public void The_record_says_of_each_endpoint_where_it_hangs()
    {
        var behind = Reported.Endpoint(1, Told.Status(1, 1), 3, (ProbeOperation.Put, FailureReason.TooManyRequests, "etcdserver: too many requests"));

        var (report, _) = _judge.Judge(Snapshot(Told.ClusterId, [behind, Reported.Endpoint(2, Told.Status(2, 1))]), Now());

        report.Endpoints.Select(e => (e.State, e.Stall)).Should().Equal((EndpointState.ApplyStalled, StallSite.Apply), (EndpointState.Healthy, null));
    }

    [Fact]
    public void A_member_that_went_back_is_a_violation_and_no_split()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270));

        var (report, outcome) = Judged(1, (1, 1, 7, 272), (2, 1, 7, 268));

        outcome.Violations.Should().ContainSingle().Which.Kind.Should().Be(ViolationKind.RevisionRegression);
        report.SplitBrain.State.Should().Be(SplitBrainState.None);
    }

    [Fact]
    public void Only_answers_with_evidence_are_witnessed_and_only_reads_of_a_key_are_reads()
    {
        Round(1, (1, 1, 7, 270));
        _judge.Witness(Put(revision: 270));
        var stale = Get(revision: 269, at: _now + 0.5);
        _judge.Witness(stale with { Evidence = null });
        _judge.Witness(stale with { Answer = null });
        _judge.Witness(stale with { Evidence = stale.Evidence! with { Key = null } });
        _judge.Witness(stale with { Operation = ProbeOperation.Put });

        Round(1, (1, 1, 7, 270)).Violations.Should().BeEmpty();
    }

    [Fact]
    public void The_five_violations_that_were_noticed_last_are_remembered()
    {
        foreach (var i in Enumerable.Range(1, 7))
        {
            _judge.Remember([new Violation(ViolationKind.HashMismatch, $"{i}")], Reported.Now.AddSeconds(i));
        }

        Round(1, (1, 1, 7, 270)).Violations.Select(v => (v.Violation.What, v.At.Second)).Should().Equal(("3", 3), ("4", 4), ("5", 5), ("6", 6), ("7", 7));
    }

    [Fact]
    public void The_five_restores_that_were_noticed_last_are_remembered()
    {
        for (var term = 20ul; term > 12; term--)
        {
            Round(1, All(1, term, 270));
        }

        Round(1, All(1, 13, 271)).Restorations.Select(r => (r.At, r.Restoration.TermAfter)).Should().Equal(
            (Reported.Now, 17ul), (Reported.Now, 16ul), (Reported.Now, 15ul), (Reported.Now, 14ul), (Reported.Now, 13ul));
    }

    [Fact]
    public void Neither_a_restore_nor_another_cluster_is_a_change_of_leaders_or_a_rise_of_the_term()
    {
        Judged(1, All(1, 7, 270)).Outcome.Should().Match<RoundOutcome>(o => o.Restored == null && o.Exchanged == null);

        var restored = Judged(1, All(3, 2, 36)).Outcome;
        (restored.Restored is not null, restored.Leadership.LeaderChanged, restored.Leadership.TermRose).Should().Be((true, false, false));
        var risen = Judged(1, All(3, 3, 37)).Outcome;
        (risen.Restored, risen.Leadership.TermRose).Should().Be((null, true));

        var other = Judged(0xc2, All(2, 9, 36)).Outcome;
        (other.Exchanged, other.Leadership.LeaderChanged, other.Leadership.TermRose).Should().Be((new ClusterExchange(1, 0xc2), false, false));
        Judged(0xc2, All(2, 9, 37)).Outcome.Exchanged.Should().BeNull("it is told once");
    }

    [Fact]
    public void Claims_of_before_a_restore_say_nothing_of_the_cluster_after_it()
    {
        Round(1, All(1, 7, 270));

        Judged(1, (2, 2, 2, 36), (3, 2, 2, 36)).Outcome.Restored.Should().NotBeNull();

        _judge.WantsAnotherLook.Should().BeFalse("the old leader has not answered since, and its claim was of another history");
    }

    [Fact]
    public void The_list_of_another_cluster_is_not_that_of_the_one_before()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270), (3, 1, 7, 270));
        var silent = Enumerable.Range(1, 3).Select(i => Reported.Endpoint(i, null)).ToList();

        _judge.Judge(Snapshot(0xc2, silent), Now()).Report.View.Voters.Should().BeNull();
    }

    [Fact]
    public void While_no_id_is_shown_the_cluster_is_the_one_of_before()
    {
        Round(1, (1, 1, 7, 270));

        var (report, outcome) = _judge.Judge(Snapshot(1, [Reported.Endpoint(1, null)]) with { ClusterId = null }, Now());
        (report.View.MainClusterId, outcome.Exchanged).Should().Be((1, null));
        Judged(1, (1, 1, 7, 270)).Outcome.Exchanged.Should().BeNull();
        Judged(2, (1, 1, 7, 270)).Outcome.Exchanged.Should().Be(new ClusterExchange(1, 2));
    }

    [Fact]
    public void A_second_look_is_wanted_while_two_claim()
    {
        Round(1, (1, 1, 7, 270), (2, 1, 7, 270), (3, 1, 7, 270));
        _judge.WantsAnotherLook.Should().BeFalse();
        HungLeader(1, 2);
        _judge.WantsAnotherLook.Should().BeTrue();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _text.Dispose();
    }

    private static (ulong Member, ulong Leader, ulong Term, long Revision)[] All(ulong leader, ulong term, long revision) =>
        [(1, leader, term, revision), (2, leader, term, revision), (3, leader, term, revision)];

    private ClusterReport HungLeader(ulong hung, ulong successor)
    {
        var third = 6 - hung - successor;
        return Round(1, (hung, hung, 7, 270), (successor, successor, 8, 270), (third, successor, 8, 270));
    }

    private ClusterReport Round(ulong cluster, params (ulong Member, ulong Leader, ulong Term, long Revision)[] told) => Judged(cluster, told).Report;

    private (ClusterReport Report, RoundOutcome Outcome) Judged(ulong cluster, params (ulong Member, ulong Leader, ulong Term, long Revision)[] told)
    {
        _now += 1;
        var endpoints = told.Select(t => Reported.Endpoint(
            (int)t.Member, Told.Status(t.Member, t.Leader, t.Term, (ulong)t.Revision / 2, revision: t.Revision, cluster: cluster)) with
        {
            Sample = new MemberSample(
                $"m{t.Member}:2379",
                Told.Status(t.Member, t.Leader, t.Term, (ulong)t.Revision / 2, revision: t.Revision, cluster: cluster),
                TimeSpan.FromSeconds(_now),
                TimeSpan.FromSeconds(_now + 0.01)),
        });
        var (report, outcome) = _judge.Judge(Snapshot(cluster, [.. endpoints]), Now());
        _log.Report(report, outcome);
        return (report, outcome);
    }

    private TimeSpan Now() => TimeSpan.FromSeconds(_now + 0.1);

    private static ClusterSnapshot Snapshot(ulong cluster, IReadOnlyList<EndpointSnapshot> endpoints) =>
        Reported.Cluster(endpoints).Probes with { ClusterId = cluster };

    private ProbeResult Put(long revision) => Result(ProbeOperation.Put, revision, new KeyEvidence("k", null, TimeSpan.FromSeconds(_now), TimeSpan.FromSeconds(_now + 0.1)));

    private static ProbeResult Get(long revision, double at) =>
        Result(ProbeOperation.Get, revision, new KeyEvidence("k", revision, TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.1)));

    private static ProbeResult Result(ProbeOperation operation, long revision, KeyEvidence evidence) => new()
    {
        Operation = operation,
        EndedAt = Reported.Now,
        Duration = TimeSpan.FromMilliseconds(1),
        Failure = null,
        Detail = "",
        Answer = new ResponseFacts(1, 1, revision, 7),
        Evidence = evidence,
    };
}
