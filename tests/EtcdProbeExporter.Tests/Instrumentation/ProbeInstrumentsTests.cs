using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Instrumentation;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;

namespace EtcdProbeExporter.Tests.Instrumentation;

/// <summary>Each event moves exactly the series that it should: every test looks at all of them.</summary>
public sealed class ProbeInstrumentsTests : IDisposable
{
    private const string Labels = "etcd_cluster=c,etcd_endpoint=m1:2379";

    private readonly MetricRegistry _registry = new(TimeProvider.System);
    private readonly SeriesOwner _process = new();
    private readonly SeriesOwner _endpoint = new();
    private readonly ProbeInstruments _instruments;

    public ProbeInstrumentsTests()
    {
        var metrics = new ProductMetrics(_registry, _process, ("1", "2"));
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [new EndpointAddress("http", "m1", 2379)] };
        _instruments = ProbeInstruments.ForEndpoint(metrics, _endpoint, cluster, cluster.Endpoints[0]);
    }

    [Fact]
    public void Everything_exists_at_zero_from_the_start()
    {
        var series = Series();

        series.Keys.Count(k => k.StartsWith("etcd_probe_failures_total{", StringComparison.Ordinal)).Should().Be(5 * 17);
        series.Keys.Count(k => k.StartsWith("etcd_probe_skipped_total{", StringComparison.Ordinal)).Should().Be((4 * 4) + 1, "only a pause spoils an event of the watch");
        series.Keys.Count(k => k.StartsWith("etcd_probe_attempts_total{", StringComparison.Ordinal)).Should().Be(5);
        series.Where(s => s.Key.Contains(Labels, StringComparison.Ordinal)).Should().OnlyContain(s => s.Value == 0);
    }

    [Fact]
    public void A_started_slot_shows_its_lag_and_is_no_attempt_before_it_has_ended()
    {
        Changes(new ProbeEvent.Started(ProbeOperation.Put, TimeSpan.FromSeconds(0.25))).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            ["etcd_probe_exporter_scheduler_lag_seconds{}"] = 1,
        });
    }

    [Fact]
    public void A_success_is_an_attempt_and_a_duration_and_nothing_else()
    {
        Changes(new ProbeEvent.Finished(Result(ProbeOperation.Get, null))).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"etcd_probe_attempts_total{{{Labels},operation=get}}"] = 1,
            [$"etcd_probe_duration_seconds{{{Labels},operation=get}}"] = 1,
        });
    }

    [Fact]
    public void A_failure_is_counted_by_its_reason_and_has_no_duration()
    {
        foreach (var reason in FailureReasons.All)
        {
            Changes(new ProbeEvent.Finished(Result(ProbeOperation.Status, reason))).Should().BeEquivalentTo(new Dictionary<string, double>
            {
                [$"etcd_probe_attempts_total{{{Labels},operation=status}}"] = 1,
                [$"etcd_probe_failures_total{{{Labels},operation=status,reason={reason.Label()}}}"] = 1,
            });
        }
    }

    [Fact]
    public void A_skipped_slot_is_counted_by_its_reason_and_is_no_attempt()
    {
        foreach (var reason in SkipReasons.All)
        {
            Changes(new ProbeEvent.Skipped(ProbeOperation.GetLocal, reason)).Should().BeEquivalentTo(new Dictionary<string, double>
            {
                [$"etcd_probe_skipped_total{{{Labels},operation=get_local,reason={reason.Label()}}}"] = 1,
            });
        }
    }

    [Fact]
    public void Only_phases_that_happened_are_seen()
    {
        Changes(new ProbeEvent.Connected(new ConnectAttempt(null, TimeSpan.FromSeconds(1), null, ConnectPhase.Tls, null)))
            .Should().BeEquivalentTo(new Dictionary<string, double> { [$"etcd_probe_connect_duration_seconds{{{Labels},phase=connect}}"] = 1 });
    }

    [Fact]
    public void A_due_event_is_an_attempt_of_the_watch_its_delivery_a_latency_and_its_loss_a_failure()
    {
        Changes(new ProbeEvent.Finished(Result(ProbeOperation.Watch, null))).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"etcd_probe_attempts_total{{{Labels},operation=watch}}"] = 1,
            [$"etcd_probe_watch_delivery_seconds{{{Labels}}}"] = 1,
        });
        Changes(new ProbeEvent.Finished(Result(ProbeOperation.Watch, FailureReason.Timeout))).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"etcd_probe_attempts_total{{{Labels},operation=watch}}"] = 1,
            [$"etcd_probe_failures_total{{{Labels},operation=watch,reason=timeout}}"] = 1,
        });
        Changes(new ProbeEvent.Skipped(ProbeOperation.Watch, SkipReason.Paused)).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"etcd_probe_skipped_total{{{Labels},operation=watch,reason=paused}}"] = 1,
        });
    }

    [Fact]
    public void A_risen_term_is_counted()
    {
        Changes(new ProbeEvent.TermRose()).Should().BeEquivalentTo(new Dictionary<string, double>
        {
            [$"etcd_probe_member_term_changes_total{{{Labels}}}"] = 1,
        });
    }

    [Fact]
    public void Nothing_is_left_when_the_endpoint_goes()
    {
        _endpoint.Dispose();

        Series().Keys.Should().NotContain(k => k.Contains(Labels, StringComparison.Ordinal));
    }

    [Fact]
    public void Histograms_have_the_published_edges()
    {
        EndpointFamilies.DurationBounds.Should().Contain([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
    }

    public void Dispose()
    {
        _endpoint.Dispose();
        _process.Dispose();
    }

    private static ProbeResult Result(ProbeOperation operation, FailureReason? failure) => new()
    {
        Operation = operation,
        EndedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromMilliseconds(3),
        Failure = failure,
        Detail = "",
    };

    /// <summary>Series whose value an event changes, and by how much. Of a histogram, its count.</summary>
    private Dictionary<string, double> Changes(ProbeEvent happened)
    {
        var before = Series();
        _instruments.Record(happened);
        return Series().Where(s => s.Value != before[s.Key]).ToDictionary(s => s.Key, s => s.Value - before[s.Key]);
    }

    private Dictionary<string, double> Series() => _registry.Collect()
        .SelectMany(f => f.Series.Select(s => (Key: $"{f.Name}{{{string.Join(',', f.LabelNames.Zip(s.Labels.Values, (n, v) => $"{n}={v}"))}}}", Series: s)))
        .ToDictionary(s => s.Key, s => s.Series.Histogram?.Count ?? s.Series.Value);
}
