using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>All that probes report is passed on, and what their answers prove is held against later ones.</summary>
public sealed class WitnessedProbesTests
{
    private static readonly EndpointAddress Endpoint = new("http", "m1", 2379);

    private readonly RecordingSink _next = new();
    private readonly RoundJudge _judge = new(TimeSpan.FromSeconds(3));

    [Fact]
    public void Everything_is_passed_on()
    {
        var probes = new WitnessedProbes(_next, _judge);
        ProbeEvent[] events = [new ProbeEvent.Skipped(ProbeOperation.Put, SkipReason.InFlight), new ProbeEvent.Finished(Answered(ProbeOperation.Put, 9, 1))];

        probes.Opened(Endpoint);
        probes.Report(Endpoint, events[0]);
        probes.Report(null, events[1]);
        probes.Closed(Endpoint);

        (_next.EndpointsOpened.Single(), _next.EndpointsClosed.Single()).Should().Be((Endpoint, Endpoint));
        _next.Events.Should().Equal((Endpoint, events[0]), (null, events[1]));
    }

    [Fact]
    public void A_read_that_misses_an_acknowledged_write_is_noticed()
    {
        var probes = new WitnessedProbes(_next, _judge);
        Round(at: 0).Should().BeEmpty();

        probes.Report(Endpoint, new ProbeEvent.Finished(Answered(ProbeOperation.Put, revision: 10, at: 1)));
        probes.Report(Endpoint, new ProbeEvent.Finished(Answered(ProbeOperation.Get, revision: 9, at: 2)));

        Round(at: 3).Should().Equal(ViolationKind.StaleLinearizableRead);
    }

    private IEnumerable<ViolationKind> Round(double at)
    {
        var status = Told.Status(1, 1);
        var endpoint = Reported.Endpoint(1, status, 1) with { Sample = new MemberSample("m1:2379", status, TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.1)) };
        return _judge.Judge(Reported.Snapshot([endpoint]) with { ClusterId = Told.ClusterId }, TimeSpan.FromSeconds(at + 0.2)).Outcome.Violations.Select(v => v.Kind);
    }

    private static ProbeResult Answered(ProbeOperation operation, long revision, double at) => new()
    {
        Operation = operation,
        EndedAt = Reported.Now,
        Duration = TimeSpan.FromMilliseconds(100),
        Failure = null,
        Detail = "",
        Answer = new ResponseFacts(Told.ClusterId, 1, revision, 2),
        Evidence = new KeyEvidence("k", operation == ProbeOperation.Put ? null : revision, TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.1)),
    };
}
