using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>A member that was silent answers again, on a fresh connection: what was still under way on the old one is no slowness.</summary>
public sealed class RecoveryTests
{
    private readonly EndpointJudge _judge = new();

    [Theory]
    [InlineData(50.75)] // after the last round that said silent, before the first that does not
    [InlineData(51.4)]
    [InlineData(48)]
    public void A_slot_that_began_before_it_was_known_to_answer_does_not_make_it_slow(double began)
    {
        Judge(10, putBegan: 9.9, put: null, others: null).Should().Be(EndpointState.Healthy);
        Judge(50.5, putBegan: 46, put: FailureReason.Timeout, others: FailureReason.Timeout).Should().Be(EndpointState.Unresponsive);
        Judge(51.5, putBegan: 51.3, put: null, others: null, began).Should().Be(EndpointState.Healthy);
        Judge(52.5, putBegan: 52.3, put: null, others: null, began).Should().Be(EndpointState.Healthy);
    }

    [Fact]
    public void One_that_begins_later_does()
    {
        Judge(50.5, putBegan: 46, put: FailureReason.Timeout, others: FailureReason.Timeout).Should().Be(EndpointState.Unresponsive);
        Judge(51.5, putBegan: 51.3, put: null, others: null).Should().Be(EndpointState.Healthy);
        Judge(56.5, putBegan: 56.3, put: null, others: null, lost: 52).Should().Be(EndpointState.Slow);
    }

    private EndpointState Judge(double now, double putBegan, FailureReason? put, FailureReason? others, double? lost = null)
    {
        ProbeOperation[] operations = [ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status];
        var endpoint = Reported.Endpoint(1, others is null ? Told.Status(1, 1) : null, 1) with
        {
            Operations = [.. operations.Select(o => Ended(o, o == ProbeOperation.Put ? put : others, o == ProbeOperation.Put ? lost : null))],
            Members = others is null ? Told.List(1) : null,
            MembersAnsweredAt = others is null ? TimeSpan.FromSeconds(now) : null,
            MembersSilentSince = others is null ? null : TimeSpan.FromSeconds(putBegan),
        };
        return _judge.Judge(Reported.Cluster([endpoint]).Probes, TimeSpan.FromSeconds(now)).Single().State;

        OperationSnapshot Ended(ProbeOperation operation, FailureReason? failure, double? lostSlot)
        {
            var ended = failure is null ? putBegan + 0.01 : putBegan + 3;
            var result = new ProbeResult
            {
                Operation = operation,
                Sent = TimeSpan.FromSeconds(putBegan),
                Ended = TimeSpan.FromSeconds(ended),
                EndedAt = Reported.Now,
                Duration = TimeSpan.FromSeconds(ended - putBegan),
                Failure = failure,
                Detail = "",
            };
            var slot = new PastSlot(failure is null ? SlotEnd.Succeeded : SlotEnd.TimedOut, TimeSpan.FromSeconds(putBegan));
            return new OperationSnapshot(operation, result, null, TimeSpan.Zero)
            {
                Slots = lostSlot is { } at ? [new PastSlot(SlotEnd.TimedOut, TimeSpan.FromSeconds(at)), slot] : [slot],
            };
        }
    }
}
