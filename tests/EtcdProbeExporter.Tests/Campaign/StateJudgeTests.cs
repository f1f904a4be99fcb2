using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Exporters;
using EtcdProbeExporter.Campaign.Truth;

namespace EtcdProbeExporter.Tests.Campaign;

/// <summary>The campaign's own judges: what they must let pass, and what they must not. Interval 1 s, timeout 2 s: the bound is 5 s.</summary>
public sealed class StateJudgeTests
{
    private const string One = "10.0.0.1:2379";
    private const string Other = "10.0.0.2:2379";

    private readonly Ledger _ledger = new(new EpisodeClock());

    [Theory]
    [InlineData("healthy", true)]
    [InlineData("slow", false)]
    [InlineData("unknown", false)]
    [InlineData("absent", false)]
    [InlineData("unresponsive", false)]
    public void An_endpoint_that_serves_is_healthy_and_nothing_else(string state, bool isRight) =>
        Judge(s => state, Writes(Ending.Done, 0.01)).Should().Be(isRight);

    [Theory]
    [InlineData(20, "unresponsive", true, "at once")]
    [InlineData(24.5, "unresponsive", true, "within the bound")]
    [InlineData(26, "unresponsive", false, "late")]
    [InlineData(22, "write_stalled", false, "a wrong word on the way")]
    [InlineData(99, "unresponsive", false, "never")]
    public void What_was_done_to_it_must_be_seen_within_the_bound(double seen, string state, bool isRight, string because)
    {
        Hold(States.Silent, 20, 30);

        Judge(s => s < seen ? "healthy" : s < 26 ? state : s < 30 ? "unresponsive" : "healthy", Writes(Ending.Done, 0.01)).Should().Be(isRight, because);
    }

    [Theory]
    [InlineData(34, true)]
    [InlineData(37, false)]
    public void Its_end_must_be_seen_as_well(double seen, bool isRight)
    {
        Hold(States.Silent, 20, 30);

        Judge(s => s >= 21 && s < seen ? "unresponsive" : "healthy", Writes(Ending.Done, 0.01)).Should().Be(isRight);
    }

    [Theory]
    [InlineData(Ending.Silence, 2, "write_stalled", true)]
    [InlineData(Ending.Silence, 2, "unreachable", false)]
    [InlineData(Ending.NoConnection, 0.01, "unreachable", true)]
    [InlineData(Ending.NoConnection, 0.01, "write_stalled", false)]
    [InlineData(Ending.Done, 1.5, "slow", true)]
    [InlineData(Ending.Done, 0.2, "slow", false)]
    [InlineData(Ending.Silence, 2, "healthy", false)]
    internal void Where_nothing_was_done_the_independent_client_must_explain_it(Ending ending, double seconds, string state, bool isRight) =>
        Judge(s => state, Writes(ending, seconds)).Should().Be(isRight);

    [Fact]
    public void A_machine_that_stood_still_makes_nobody_late()
    {
        Hold(States.Silent, 20, 40);
        var late = new (TimeSpan, TimeSpan)[] { (Seconds(22), Seconds(2)) };

        Judge(s => s is >= 27 and < 40 ? "unresponsive" : "healthy", Writes(Ending.Done, 0.01), late).Should().BeTrue();
        Judge(s => s is >= 27 and < 40 ? "unresponsive" : "healthy", Writes(Ending.Done, 0.01)).Should().BeFalse();
    }

    [Theory]
    [InlineData("none", "", 0, true)]
    [InlineData("stale_leader", "", 0, true)]
    [InlineData("confirmed", "", 0, false)]
    [InlineData("none", "lost_write", 1, false)]
    [InlineData("none", "hash_mismatch", 1, false)]
    public void No_verdict_or_violation_that_was_not_brought_about(string verdict, string violation, double count, bool isRight)
    {
        var looks = new[] { LookAt(20, "healthy") with { Verdicts = [verdict], Violations = violation.Length > 0 ? new Dictionary<string, double> { [violation] = count } : [] } };

        new ClusterJudge(Judged(looks, [])).Judge().Any().Should().Be(!isRight);
    }

    [Theory]
    [InlineData("a", 1d, 1d, 1d, 0)]
    [InlineData("b", 1d, 1d, 1d, 1)]
    [InlineData("a", 0d, 1d, 1d, 1)]
    [InlineData("a", 1d, -1d, 1d, 1)]
    [InlineData("a", 1d, 1d, 0d, 1)]
    [InlineData(null, 1d, 1d, null, 2)]
    public void Leader_tolerance_and_writable_are_what_all_members_say(string? leader, double? has, double? tolerance, double? writable, int wrong)
    {
        var look = LookAt(20, "healthy") with { LeaderId = leader, HasLeader = has, Tolerance = tolerance, Writable = writable };
        var samples = new[] { One, Other, "10.0.0.3:2379" }.ToDictionary(e => e, e => (IReadOnlyList<Sample>)[.. Writes(Ending.Done, 0.01, e), .. StatusOf(e)]);
        foreach (var endpoint in samples.Keys)
        {
            _ledger.Lives[endpoint] = (TimeSpan.FromSeconds(-1), TimeSpan.MaxValue);
        }

        _ledger.SetVoters(3);
        var judged = Judged([LookAt(0, "healthy"), look], []) with { Samples = samples };

        new ClusterJudge(judged).Judge().Should().HaveCount(wrong);
    }

    private bool Judge(Func<double, string> state, IReadOnlyList<Sample> samples, IReadOnlyList<(TimeSpan, TimeSpan)>? late = null)
    {
        _ledger.Lives[One] = (TimeSpan.FromSeconds(-100), TimeSpan.MaxValue);
        var looks = Enumerable.Range(12, 35).Select(s => LookAt(s, state(s)));
        return new StateJudge(Judged([LookAt(-30, "healthy"), .. looks], samples) with { Late = late ?? [] }).Judge().Count == 0;
    }

    private Judged Judged(IReadOnlyList<Look> looks, IReadOnlyList<Sample> samples) =>
        new(_ledger, new ExporterRecord { Started = Seconds(-60), Looks = looks }, Seconds(1), Seconds(2))
        {
            Samples = new Dictionary<string, IReadOnlyList<Sample>> { [One] = samples },
        };

    private void Hold(IReadOnlyList<string> states, double from, double to) => _ledger.Add(
        new Injury("freeze", One, states) { From = Seconds(from), Confirmed = Seconds(from), Ending = Seconds(to), To = Seconds(to), Strict = true });

    private static IReadOnlyList<Sample> Writes(Ending ending, double seconds, string endpoint = One) =>
        [.. Enumerable.Range(-10, 70).Select(s => new Sample(endpoint, true, Seconds(s), Seconds(s + seconds), ending, ""))];

    private static IEnumerable<Sample> StatusOf(string endpoint) => Enumerable.Range(-10, 70).Select(s =>
        new Sample(endpoint, false, Seconds(s), Seconds(s + 0.01), Ending.Done, "") { Status = new StatusAnswer(endpoint == One ? 10u : endpoint == Other ? 11u : 12u, 10, 2, 5, false, "") });

    private static Look LookAt(double seconds, string state) => new(Seconds(seconds), Seconds(seconds + 0.01))
    {
        States = state == "absent" ? [] : new Dictionary<string, string> { [One] = state },
        Verdicts = ["none"],
        Violations = new Dictionary<string, double>(),
        InternalErrors = new Dictionary<string, double>(),
        Kinds = new Dictionary<string, string>(),
    };

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
