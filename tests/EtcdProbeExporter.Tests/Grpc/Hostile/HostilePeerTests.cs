using EtcdProbeExporter.Etcd;
using Xunit.Abstractions;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>
/// Every hostile peer beside a good member, each with connections of its own, as in real use. Whatever the one does, the other's calls succeed,
/// and the one's calls end in time and for a reason that says what it does. Runs alone: it meters the process.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class HostilePeerTests(CalmMember calm, ITestOutputHelper output) : IClassFixture<CalmMember>
{
    /// <summary>Between the deadline of a call and its end, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, HostilePeer> Peers =
        FrameStorms.All.Concat(BrokenAnswers.All).ToDictionary(p => p.Name, StringComparer.Ordinal);

    /// <summary>What tells an operator nothing.</summary>
    private static readonly string[] Internals = ["disposed object", "Exception:", "did not complete the HTTP/2 handshake"];

    public static TheoryData<string> Names => [.. Peers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_good_member_is_measured_well_beside(string name)
    {
        var hostile = Peers[name];
        var beside = await calm.MeasureAsync(hostile);
        if (IsStarved(beside.Good))
        {
            beside = await calm.MeasureAsync(hostile); // another process may have had the machine; a peer that starves others does it again
        }

        var reasons = beside.Hostile.Select(r => r.Failure is { } f ? FailureReasons.Classify(f).Label() : "ok").CountBy(r => r).ToList();
        output.WriteLine(FormattableString.Invariant(
            $"{name}: {string.Join(", ", reasons.Select(r => $"{r.Key} {r.Value}"))}; dialed {beside.Dialed}; CPU {beside.Cpu:P0}; good member {beside.Good}"));
        foreach (var text in beside.Hostile.Select(r => r.Failure?.Detail).Distinct())
        {
            output.WriteLine($"    {text}");
        }

        beside.Good.Failures.Should().BeEmpty();
        IsStarved(beside.Good).Should().BeFalse("calm is {0}, this is {1}", calm.Baseline, beside.Good);
        reasons.Select(r => r.Key).Should().NotBeEmpty().And.BeSubsetOf(hostile.Reasons);
        beside.Hostile.Max(r => r.Took).Should().BeLessThan(CalmMember.HostileTimeout + Grace);
        beside.Hostile.Should().OnlyContain(r => r.Failure == null || r.Failure.Detail.Length <= 310).And.NotContain(r => r.Failure != null && Internals.Any(i => r.Failure.Detail.Contains(i)));
        beside.Cpu.Should().BeLessThan(hostile.Scheme == "https" ? 1.2 : 0.6, "of one core; handshakes are dear, and there is one for every call");
        beside.Dialed.Should().BeLessThanOrEqualTo(beside.Hostile.Count, "no call is worth more than one dial");
        (Directory.GetFileSystemEntries("/proc/self/fd").Length - calm.Handles).Should().BeLessThan(60, "descriptors are given back");
        GC.GetTotalMemory(forceFullCollection: true).Should().BeLessThan(calm.Memory + 50_000_000);
    }

    private bool IsStarved(CalmMember.Measured good) =>
        good.Slowest > TimeSpan.FromMilliseconds(300) + (20 * calm.Baseline.Median)
        || good.Median > TimeSpan.FromMilliseconds(20) + (5 * calm.Baseline.Median);
}
