using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Tests.Web;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Every line of discovery, word by word, and that a list that stays too long is told once.</summary>
public sealed class DiscoveryLogTests
{
    private readonly RecordingLogger<DiscoveryLog> _logger = new();
    private readonly DiscoveryLog _log;

    public DiscoveryLogTests() => _log = new DiscoveryLog("prod", _logger);

    [Fact]
    public void Each_endpoint_that_goes_or_comes_has_its_line()
    {
        Lines(found: ["m2", "m3"], gone: ["m1"]).Should().Equal(
            "Information the member list of prod no longer names m1:2379, it is probed no more",
            "Information the member list of prod names m2:2379, it is probed from now on",
            "Information the member list of prod names m3:2379, it is probed from now on");
        Lines([], []).Should().BeEmpty();
    }

    [Fact]
    public void A_list_that_is_too_long_is_told_when_it_becomes_so()
    {
        Lines([], [], left: 5).Should().Equal("Warning the member list of prod is too long: 32 discovered members are probed, 5 are not");
        Lines([], [], left: 6).Should().BeEmpty();
        Lines([], []).Should().BeEmpty();
        Lines([], [], left: 1).Should().Equal("Warning the member list of prod is too long: 32 discovered members are probed, 1 are not");
    }

    private List<string> Lines(string[] found, string[] gone, int left = 0)
    {
        _logger.Entries.Clear();
        _log.Report(new DiscoveryChanges([.. found.Select(Address)], [.. gone.Select(Address)], left));
        return [.. _logger.Entries.Select(e => $"{e.Level} {e.Message}")];
    }

    private static EndpointAddress Address(string host) => new("http", host, 2379);
}
