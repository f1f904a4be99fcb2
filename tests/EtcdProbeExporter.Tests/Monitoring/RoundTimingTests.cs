using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Monitoring;

namespace EtcdProbeExporter.Tests.Monitoring;

public sealed class RoundTimingTests
{
    [Theory]
    [InlineData(0.1, 1, 0.1, 1.1)]
    [InlineData(1, 3, 1, 4)]
    [InlineData(5, 5, 1, 10)]
    [InlineData(60, 5, 1, 65)]
    public void A_cluster_is_judged_with_every_slot_but_once_a_second_at_least_and_claims_count_for_an_interval_and_a_timeout(
        double interval, double timeout, double every, double claims)
    {
        var timing = new RoundTiming(new ProbeConfiguration { Interval = TimeSpan.FromSeconds(interval), Timeout = TimeSpan.FromSeconds(timeout) });

        (timing.Every.TotalSeconds, timing.ClaimMemory.TotalSeconds).Should().Be((every, claims));
        timing.Patience.Should().Be(EndpointPast.PatienceFor(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout)));
    }
}
