using System.Collections.Concurrent;
using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Supervision;
using EtcdProbeExporter.Tests.Web;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Whom a single check asks, and whom it asks again.</summary>
public sealed class ClusterCheckTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RecordingLogger<ClusterMonitor> _logger = new();
    private readonly RecordingSink _sink = new();
    private AnsweringMember _first = null!;
    private AnsweringMember _second = null!;

    public async Task InitializeAsync()
    {
        (_first, _second) = (await AnsweringMember.StartAsync(1), await AnsweringMember.StartAsync(2));
        _second.Leader = 1;
        _first.Names = _second.Names = [_first, _second];
    }

    [Fact]
    public async Task A_member_that_the_list_names_is_checked_as_well_if_that_is_configured()
    {
        using var monitor = Monitor(discover: true, _first);

        var (report, ended) = await CheckAsync(monitor);

        ended.Should().Equal(_first.Address, _second.Address);
        report.Endpoints.Select(e => (e.Probes.Address, e.Probes.Source, e.State)).Should().Equal(
            (_first.Address, EndpointSource.Configured, EndpointState.Healthy), (_second.Address, EndpointSource.Discovered, EndpointState.Healthy));
        _second.Asked("Put").Should().BePositive();
        Lines("names").Should().Equal($"the member list of c names {_second.Address.Label}, it is probed from now on");
        Lines("leads").Should().Equal("m1 (1) leads c at term 7");
    }

    [Fact]
    public async Task Otherwise_only_those_that_are_configured_are_asked()
    {
        using var monitor = Monitor(discover: false, _first);

        var (report, ended) = await CheckAsync(monitor);

        ended.Should().Equal(_first.Address);
        report.Endpoints.Should().ContainSingle();
        _second.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_discovered_member_that_the_list_names_no_more_is_dropped_with_its_series()
    {
        using var monitor = Monitor(discover: true, _first);
        await CheckAsync(monitor);
        _first.Names = [_first];
        _second.Names = [_first];

        for (var round = 0; round <= Discovery.RoundsUntilGone; round++)
        {
            await CheckAsync(monitor);
        }

        monitor.Report().Endpoints.Select(e => e.Probes.Address).Should().Equal(_first.Address);
        _sink.EndpointsClosed.Should().Equal(_second.Address);
        Lines("no longer names").Should().ContainSingle();
    }

    [Fact]
    public async Task While_two_claim_to_lead_both_are_asked_again_up_to_four_times()
    {
        using var calm = Monitor(discover: false, _first, _second);
        await CheckAsync(calm);
        var before = (First: _first.Asked("Status"), Second: _second.Asked("Status"));

        (_second.Leader, _second.Term) = (2, 8);
        using var strange = Monitor(discover: false, _first, _second);
        var (report, _) = await CheckAsync(strange);

        (_first.Asked("Status") - (2 * before.First)).Should().BeInRange(1, 4);
        (_second.Asked("Status") - (2 * before.Second)).Should().BeInRange(1, 4);
        report.SplitBrain.State.Should().Be(SplitBrainState.StaleLeader);
    }

    [Fact]
    public async Task They_are_asked_no_more_when_the_second_look_shows_that_it_is_over()
    {
        using var calm = Monitor(discover: false, _first, _second);
        await CheckAsync(calm);
        var before = _first.Asked("Status");

        (_second.Leader, _second.Term) = (2, 8);
        _first.Later = ((2 * before) + 1, 2, 8);
        using var strange = Monitor(discover: false, _first, _second);
        var (report, _) = await CheckAsync(strange);

        _first.Asked("Status").Should().Be((2 * before) + 1);
        (report.SplitBrain.State, report.View.Leader!.MemberId).Should().Be((SplitBrainState.None, 2));
    }

    [Fact]
    public async Task A_term_that_rose_is_told_for_each_endpoint_whose_member_shows_it()
    {
        using var monitor = Monitor(discover: false, _first, _second);
        await CheckAsync(monitor);
        _sink.Events.Should().NotContain(e => e.Happened is ProbeEvent.TermRose);
        (_first.Leader, _first.Term, _second.Leader, _second.Term) = (2, 8, 2, 8);

        await CheckAsync(monitor);

        _sink.Events.Where(e => e.Happened is ProbeEvent.TermRose).Select(e => e.Endpoint).Should().BeEquivalentTo([_first.Address, _second.Address]);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    private ClusterMonitor Monitor(bool discover, params AnsweringMember[] configured)
    {
        var cluster = new ClusterConfiguration
        {
            Name = "c",
            Endpoints = [.. configured.Select(m => m.Address)],
            Discover = discover,
            Probe = new ProbeConfiguration { Timeout = TimeSpan.FromMinutes(5) },
        };
        var context = new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, _logger).Credentials!,
            Exporter = 1,
            Time = _time,
            Logger = _logger,
            Errors = TestParts.Errors(),
        };
        return new ClusterMonitor(context, _sink);
    }

    private async Task<(ClusterReport Report, IReadOnlyList<EndpointAddress> Ended)> CheckAsync(ClusterMonitor monitor)
    {
        var ended = new ConcurrentQueue<EndpointAddress>();
        var checking = monitor.CheckAsync(ended.Enqueue, CancellationToken.None);
        await Condition.EventuallyAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
                return checking.IsCompleted;
            },
            "the check ends");
        return (await checking, [.. ended]);
    }

    private IEnumerable<string> Lines(string with) => _logger.Entries.Select(e => e.Message).Where(m => m.Contains(with, StringComparison.Ordinal));
}
