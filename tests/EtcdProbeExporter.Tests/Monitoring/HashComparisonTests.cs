using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Cluster;
using EtcdProbeExporter.Tests.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>At which revisions members are asked for their hashes, when once more, and what follows from what they answer.</summary>
public sealed class HashComparisonTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTime _time = new();
    private AnsweringMember _first = null!;
    private AnsweringMember _second = null!;
    private ClusterProber _prober = null!;
    private long? _revision = 40;

    public async Task InitializeAsync()
    {
        (_first, _second) = (await AnsweringMember.StartAsync(1), await AnsweringMember.StartAsync(2));
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [_first.Address, _second.Address] };
        _prober = new ClusterProber(
            new ClusterContext
            {
                Configuration = cluster,
                Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
                Exporter = 1,
                Time = _time,
                Logger = NullLogger.Instance,
                Errors = TestParts.Errors(),
            },
            new RecordingSink());
    }

    [Fact]
    public async Task Equal_hashes_are_compared_once()
    {
        (await CompareAsync()).Should().BeNull();

        (Revisions(_first), Revisions(_second)).Should().Be(("40", "40"));
    }

    [Fact]
    public async Task Hashes_that_differ_are_compared_once_more_ten_seconds_later_at_the_revision_of_then()
    {
        _second.Hash = 0xdef;
        var started = _time.GetTimestamp();

        var violation = await CompareAsync(whenWaiting: () => _revision = 47);

        (Revisions(_first), Revisions(_second)).Should().Be(("40 47", "40 47"));
        _time.GetElapsedTime(started).Should().BeGreaterThanOrEqualTo(HashComparison.AgainAfter);
        violation.Should().Be(new Violation(
            ViolationKind.HashMismatch, $"different data at revision 47: {_first.Address.Label} 00000abc, {_second.Address.Label} 00000def"));
    }

    [Fact]
    public async Task Hashes_that_differ_once_and_not_again_prove_nothing()
    {
        _second.Hash = 0xdef;

        (await CompareAsync(whenWaiting: () => _second.Hash = _first.Hash)).Should().BeNull();

        Revisions(_second).Should().Be("40 40");
    }

    [Fact]
    public async Task While_no_revision_is_known_nobody_is_asked()
    {
        _second.Hash = 0xdef;
        _revision = null;

        (await CompareAsync()).Should().BeNull();

        (Revisions(_first), Revisions(_second)).Should().Be(("", ""));
    }

    [Fact]
    public async Task When_nobody_answers_any_more_the_first_difference_proves_nothing()
    {
        _second.Hash = 0xdef;

        (await CompareAsync(whenWaiting: () => _revision = null)).Should().BeNull();

        Revisions(_second).Should().Be("40");
    }

    public void Dispose() => _prober.Dispose();

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    /// <param name="whenWaiting">Done when both have answered the first time and some time has passed.</param>
    private async Task<Violation?> CompareAsync(Action? whenWaiting = null)
    {
        var comparing = new HashComparison(_prober, _time).CompareAsync(() => _revision, CancellationToken.None);
        await Condition.EventuallyAsync(() => comparing.IsCompleted || _second.Asked("HashKV") == 1, "a first comparison");
        await Condition.EventuallyAsync(() => comparing.IsCompleted || _time.Waiting > 0, "the wait for the second");
        whenWaiting?.Invoke();
        await Condition.EventuallyAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return comparing.IsCompleted;
            },
            "the second comparison");
        return await comparing;
    }

    private static string Revisions(AnsweringMember member) => string.Join(
        ' ', member.Requests.Where(r => r.Method == "HashKV").Select(r => HashKVRequest.Parser.ParseFrom(r.Message).Revision));
}
