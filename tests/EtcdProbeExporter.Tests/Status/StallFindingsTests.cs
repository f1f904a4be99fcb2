using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Tests.Status;

/// <summary>What is said of a member that hangs, is slow, or is deaf, and that each is told apart from the others.</summary>
public sealed class StallFindingsTests
{
    private static readonly (ProbeOperation, FailureReason, string)[] Writes =
        [(ProbeOperation.Put, FailureReason.Timeout, ""), (ProbeOperation.Get, FailureReason.Timeout, "")];

    private static readonly (ProbeOperation, FailureReason, string)[] Everything =
        [.. Writes, (ProbeOperation.GetLocal, FailureReason.Timeout, ""), (ProbeOperation.Status, FailureReason.Timeout, "")];

    [Fact]
    public void Of_one_that_does_not_apply_it_is_said_that_it_saves() => Told(Stalled(StallSite.Apply, Writes, behind: 3)).Should().Equal(
        "Critical EtcdEndpointWriteStalled: m1:2379 (m1) is apply_stalled: it saves what is decided and does not apply it (3 entries behind): "
        + "a large delete, compaction or a slow CPU; the quorum still counts it. Clients wired to it lose their writes, while writes through other endpoints succeed");

    [Fact]
    public void A_defragmentation_is_no_fault_of_the_disk() => Told(Stalled(StallSite.Defragmentation, Everything)).Should().Equal(
        "Warning EtcdEndpointDown: m1:2379 (m1) is defragmenting its database and answers nothing that needs it until that is done; the quorum still counts it. "
        + "Clients wired to it lose their writes, while writes through other endpoints succeed");

    [Theory]
    [InlineData(StallSite.Database, "its own metrics say that its log is written and its database is not: a long transaction, or the database's disk; the quorum still counts it", false)]
    [InlineData(StallSite.Disk, "its own metrics say that neither its log nor its database is written: its disk hangs as a whole", true)]
    [InlineData(StallSite.Backend, "it hangs in its backend: defragmentation, snapshot or disk (its own metrics, which would tell, cannot be had: connection refused)", true)]
    [InlineData(StallSite.Unclear, "where it hangs cannot be told from its answers: its disk, or it has lost its peers", true)]
    internal void The_words_claim_no_more_than_the_evidence_does(StallSite site, string where, bool missing)
    {
        var findings = Told(Stalled(site, Everything));

        findings[0].Should().Be(
            "Critical EtcdEndpointWriteStalled: m1:2379 (m1) is write_stalled: put, get, local read, status: timeout after 5.00 s; the member list still answers; "
            + where + ". Clients wired to it lose their writes, while writes through other endpoints succeed");
        findings.Skip(1).Select(f => f.Split(':')[0]).Should().Equal(
            missing ? ["Warning EtcdFaultToleranceExhausted"] : [], "tolerance follows from where it hangs");
    }

    [Fact]
    public void When_nobody_applies_there_is_one_sentence_and_not_one_per_member()
    {
        var report = Reported.Cluster(
            [.. Enumerable.Range(1, 3).Select(i => Reported.Endpoint(i, Consensus.Told.Status((ulong)i, 1), 3, Writes))],
            writable: false,
            verdicts: [.. Enumerable.Range(1, 3).Select(i => (i, EndpointState.ApplyStalled, (StallSite?)StallSite.Apply))]);

        Told(report).Should().Equal(
            "Critical EtcdEndpointWriteStalled: all 3 members save what is decided and none of them applies it: a request that deletes or compacts very much, or slow CPUs; "
            + "a quorum and a leader are there, and writes and linearizable reads wait until it is done");
        report.View.FailureTolerance.Should().Be(1);
    }

    [Fact]
    public void A_slow_member_is_named_with_its_figures()
    {
        var slow = Reported.Endpoint(2, Consensus.Told.Status(2, 1));
        var seconds = (double[])[2.3, 2.4, 2.4, 2.5];
        slow = slow with
        {
            Operations =
            [
                slow.Operations[0] with
                {
                    Recent = [.. seconds.Select(s => new PastProbe(Reported.Now, TimeSpan.FromSeconds(s), null, ""))],
                    Slots = [.. Enumerable.Range(0, 10).Select(i => new PastSlot(i % 3 == 1 ? SlotEnd.Skipped : SlotEnd.Succeeded, TimeSpan.Zero))],
                },
                .. slow.Operations.Skip(1),
            ],
        };

        Told(Reported.Cluster(
            [Reported.Endpoint(1, Consensus.Told.Status(1, 1)), slow, Reported.Endpoint(3, Consensus.Told.Status(3, 1))],
            verdicts: (2, EndpointState.Slow, null))).Should().Equal(
            "Warning EtcdProbeSlowWrites: puts through m2:2379 (m2) take 2.40 s, 3 of the last 10 slots were skipped: slow, and the quorum still counts it");
    }

    [Theory]
    [InlineData(2, "the last 2 events that were due on its watch did not come")]
    [InlineData(10, "none of the last 10 events that were due on its watch came")]
    public void A_deaf_member_is_named_though_puts_and_gets_are_fine(int missing, string words)
    {
        var deaf = Reported.Endpoint(2, Consensus.Told.Status(2, 1));
        var late = new ProbeResult { Operation = ProbeOperation.Watch, EndedAt = Reported.Now, Duration = TimeSpan.FromSeconds(5), Failure = FailureReason.Timeout, Detail = "" };
        var watch = new OperationSnapshot(ProbeOperation.Watch, late, null, TimeSpan.Zero)
        {
            Slots = [.. Enumerable.Range(0, 10).Select(i => new PastSlot(i < 10 - missing ? SlotEnd.Succeeded : SlotEnd.TimedOut, TimeSpan.FromSeconds(i)))],
        };

        Told(Reported.Cluster(
            [Reported.Endpoint(1, Consensus.Told.Status(1, 1)), deaf with { Operations = [.. deaf.Operations, watch] }, Reported.Endpoint(3, Consensus.Told.Status(3, 1))],
            verdicts: (2, EndpointState.WatchStalled, null))).Should().Equal(
            $"Critical EtcdWatchStalled: m2:2379 (m2) is watch_stalled: put and get are fine, and {words} (timeout after 5.00 s). "
            + "Whoever watches through it, such as an API server, sees nothing change");
    }

    [Fact]
    public void Of_a_server_that_is_no_member_nothing_is_said_about_a_quorum()
    {
        var slow = Reported.Endpoint(1, null, 1, Writes[0]) with { Kind = EndpointKind.Compatible };
        slow = slow with { Operations = [slow.Operations[0] with { Slots = [.. Enumerable.Repeat(new PastSlot(SlotEnd.TimedOut, TimeSpan.Zero), 4)] }, .. slow.Operations.Skip(1)] };

        Told(Reported.Cluster([slow], verdicts: (1, EndpointState.Slow, null))).Should().Contain("Warning EtcdProbeSlowWrites: puts through m1:2379: 4 of the last 4 slots ran out of time: slow");
        Told(Reported.Cluster([slow], verdicts: (1, EndpointState.WriteStalled, StallSite.Unclear))).Should().Contain(f => f.Contains("; where it hangs cannot be told from its answers. Clients", StringComparison.Ordinal));
    }

    private static List<string> Told(ClusterReport report) => [.. ClusterStatus.Of(report).Findings.Select(f => $"{f.Level} {f.Runbook}: {f.Text}")];

    private static ClusterReport Stalled(StallSite site, (ProbeOperation, FailureReason, string)[] failures, ulong behind = 0)
    {
        var status = failures.Length < 4 ? Consensus.Told.Status(1, 2, commit: 10, applied: 10 - behind) : null;
        var stalled = Reported.Endpoint(1, status, 3, failures) with
        {
            Members = Consensus.Told.List(3),
            Storage = site == StallSite.Backend ? StorageSight.None.Without("connection refused") : null,
        };
        return Reported.Cluster(
            [stalled, Reported.Endpoint(2, Consensus.Told.Status(2, 2)), Reported.Endpoint(3, Consensus.Told.Status(3, 2))], verdicts: (1, site.State(), site));
    }
}
