using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Cluster;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class ServingOrderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, ProbeResult> _own = [];
    private readonly HashSet<string> _learners = [];
    private readonly ServingOrder<string> _order;
    private readonly IReadOnlyList<string> _endpoints = ["m0", "m1", "m2", "m3"];

    public ServingOrderTests()
    {
        _order = new ServingOrder<string>(e => _own.GetValueOrDefault(e), _learners.Contains);
    }

    [Theory]
    [InlineData(0, "m0 m1 m2 m3")]
    [InlineData(1, "m1 m2 m3 m0")]
    [InlineData(7, "m3 m0 m1 m2")]
    [InlineData(4_000_000_001, "m1 m2 m3 m0")]
    public void Each_slot_begins_with_another_endpoint(long slot, string expected) => Order(slot).Should().Be(expected);

    [Fact]
    public void Who_was_left_behind_comes_last_until_it_serves_the_cluster_again()
    {
        _order.LeftBehind("m1", Seconds(10));

        Order(1).Should().Be("m2 m3 m0 m1");
        Order(0).Should().Be("m0 m2 m3 m1");

        _order.Served("m1");

        Order(1).Should().Be("m1 m2 m3 m0");
    }

    [Theory]
    [InlineData(9.9, 0.003, true, "m2 m3 m0 m1")] // sent before it was left behind: no news
    [InlineData(10.1, 0.003, true, "m1 m2 m3 m0")]
    [InlineData(10.1, 0.1, true, "m1 m2 m3 m0")]
    [InlineData(10.1, 0.101, true, "m2 m3 m0 m1")] // it would be left behind again
    [InlineData(10.1, 0.003, false, "m2 m3 m0 m1")]
    public void Its_own_probe_tells_when_it_serves_again(double sent, double duration, bool succeeded, string expected)
    {
        _order.LeftBehind("m1", Seconds(10));
        _own["m1"] = new ProbeResult
        {
            Operation = ProbeOperation.Put,
            Sent = Seconds(sent),
            EndedAt = default,
            Duration = Seconds(duration),
            Failure = succeeded ? null : FailureReason.Timeout,
            Detail = "",
        };

        Order(1).Should().Be(expected);
    }

    [Fact]
    public void Where_all_were_left_behind_each_slot_begins_with_another()
    {
        foreach (var endpoint in _endpoints)
        {
            _order.LeftBehind(endpoint, Seconds(1));
        }

        Order(2).Should().Be("m2 m3 m0 m1");
    }

    [Fact]
    public void A_learner_is_asked_only_where_there_is_nobody_else()
    {
        _learners.UnionWith(["m0", "m2"]);
        _order.LeftBehind("m1", Seconds(1));
        Order(0).Should().Be("m3 m1");

        _learners.UnionWith(_endpoints);
        Order(0).Should().Be("m0 m1 m2 m3");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private string Order(long slot) => string.Join(' ', _order.Of(_endpoints, slot, Patience));
}
