using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>A monitor of a cluster where nobody listens; with members, it is tested against real ones.</summary>
public sealed class ClusterMonitorTests : IDisposable
{
    private static readonly EndpointAddress Nobody = new("http", "127.0.0.1", 1);

    private readonly RecordingSink _sink = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterMonitor _monitor;

    public ClusterMonitorTests()
    {
        var cluster = new ClusterConfiguration
        {
            Name = "c",
            Endpoints = [Nobody],
            Probe = new ProbeConfiguration { Interval = TimeSpan.FromMilliseconds(100), Timeout = TimeSpan.FromSeconds(5) },
        };
        var context = new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
            Exporter = 1,
            Time = TimeProvider.System,
            Logger = NullLogger.Instance,
            Errors = TestParts.Errors(),
        };
        _monitor = new ClusterMonitor(context, _sink);
    }

    [Fact]
    public void There_is_a_report_from_the_first_moment_and_it_knows_nothing()
    {
        _monitor.Report().Endpoints.Select(e => (e.Probes.Address, e.State)).Should().Equal((Nobody, EndpointState.Unknown));
        _monitor.RoundDone.Should().BeFalse();
        _sink.Rounds.Should().BeEmpty();
    }

    [Fact]
    public async Task A_check_asks_everybody_once_and_its_report_is_the_newest()
    {
        var ended = new ConcurrentQueue<EndpointAddress>();

        var report = await _monitor.CheckAsync(ended.Enqueue, _stop.Token);

        ended.Should().Equal(Nobody);
        report.Should().BeSameAs(_monitor.Report());
        report.Endpoints.Single().State.Should().Be(EndpointState.Unreachable);
        _monitor.RoundDone.Should().BeTrue();
        _sink.Rounds.Count.Should().BeGreaterThanOrEqualTo(2, "once before members are discovered and once after, and every quarter of a second until then");
        _sink.Events.Select(e => e.Happened).OfType<ProbeEvent.Finished>().Should().NotBeEmpty();
        _sink.EndpointsOpened.Should().Equal(Nobody);
    }

    [Fact]
    public async Task It_probes_and_judges_round_after_round_until_it_is_cancelled()
    {
        var run = _monitor.RunAsync(_stop.Token);

        await Condition.EventuallyAsync(() => _sink.Rounds.Count >= 3 && _monitor.Report().Endpoints.Single().State == EndpointState.Unreachable, "three rounds");

        await _stop.CancelAsync();
        await Condition.EventuallyAsync(() => run.IsCompleted, "it ends");
    }

    public void Dispose()
    {
        _stop.Cancel();
        _monitor.Dispose();
        _stop.Dispose();
    }
}
