using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Tests.Consensus;
using EtcdProbeExporter.Tests.Status;

namespace EtcdProbeExporter.Tests.Monitoring;

/// <summary>Which states follow each other, for each part of a member that may hang: one row per transition.</summary>
public sealed class EndpointJudgeTests
{
    [Theory]
    [InlineData("log", "healthy write_stalled healthy", "log")]
    [InlineData("apply", "healthy apply_stalled healthy", "apply")]
    [InlineData("defrag", "healthy defragmenting healthy", "defragmentation")]
    [InlineData("database", "healthy write_stalled healthy", "backend database")]
    [InlineData("disk", "healthy write_stalled healthy", "backend disk")]
    [InlineData("backend", "healthy write_stalled healthy", "backend")]
    [InlineData("process", "healthy unresponsive healthy", "")]
    [InlineData("watch", "healthy watch_stalled healthy", "")]
    [InlineData("slow", "healthy slow healthy", "")]
    [InlineData("now and then", "healthy slow healthy", "", 20, 50)]
    [InlineData("once", "healthy slow healthy", "")]
    [InlineData("election", "healthy", "")]
    [InlineData("unclear", "healthy write_stalled slow healthy", "unclear")]
    public void A_fault_of_half_a_minute(string fault, string states, string stalls, double from = 20, double to = 50)
    {
        var (seen, where, _) = Run(fault, from, to, 80);

        string.Join(' ', seen.Select(s => s.State)).Should().Be(states);
        string.Join(' ', where).Should().Be(stalls);
    }

    [Theory]
    [InlineData("log", 8)]
    [InlineData("apply", 8)]
    [InlineData("defrag", 6)]
    [InlineData("disk", 6)]
    [InlineData("process", 6)]
    [InlineData("watch", 6)]
    public void It_is_said_within_seconds(string fault, double seconds)
    {
        var (seen, _, _) = Run(fault, 20, 50, 60);

        seen[1].At.Should().BeInRange(20, 20 + seconds);
    }

    [Theory]
    [InlineData(0.5, 2, 0.5)]
    [InlineData(1, 3, 1)]
    [InlineData(5, 5, 3)]
    [InlineData(60, 5, 3)]
    [InlineData(1, 1, 1.5)] // indexes must stand still for two seconds before they tell anything
    [InlineData(0.5, 0.2, 2.3)]
    public void A_hang_goes_unsaid_for_an_interval_at_most_unless_timeouts_are_short(double interval, double timeout, double patience) =>
        EndpointPast.PatienceFor(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout)).Should().Be(TimeSpan.FromSeconds(patience));

    [Theory]
    [InlineData("log")]
    [InlineData("apply")]
    [InlineData("database")]
    [InlineData("disk")]
    [InlineData("backend")]
    [InlineData("unclear")] // its log goes on, too slowly for any put to end in time
    public void With_slots_of_a_second_it_is_said_within_the_timeout_two_intervals_and_a_second(string fault)
    {
        double? said = null;
        Run(new EndpointJudge(EndpointPast.PatienceFor(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(SimulatedEndpoint.Timeout))), fault, 20.5, 50, 60, (now, observations) =>
            said ??= observations[0].State is EndpointState.WriteStalled or EndpointState.ApplyStalled ? now : null);

        said.Should().BeInRange(20.5, 20.5 + SimulatedEndpoint.Timeout + 3);
    }

    [Fact]
    public void Slow_is_left_after_ten_good_slots()
    {
        var (seen, _, _) = Run("slow", 20, 50, 80);

        seen[2].At.Should().BeInRange(57, 64);
    }

    [Fact]
    public void Slow_comes_and_goes_twice_a_minute_at_most_however_the_timeouts_fall()
    {
        var (seen, _, _) = Run("now and then", 0, 600, 620);

        seen.Skip(1).Zip(seen.Skip(3), (first, third) => third.At - first.At).Min().Should().BeGreaterThanOrEqualTo(60);
    }

    [Fact]
    public void A_member_is_asked_for_its_metrics_only_while_its_backend_hangs()
    {
        Run("log", 20, 50, 80).Asked.Should().Be(0);
        Run("slow", 20, 50, 80).Asked.Should().Be(0);
        Run("defrag", 20, 50, 80).Asked.Should().BeInRange(5, 6, "every five seconds from the moment it is noticed");
    }

    [Theory]
    [InlineData("apply", EndpointState.ApplyStalled, 1)]
    [InlineData("database", EndpointState.WriteStalled, 1)]
    [InlineData("defrag", EndpointState.Defragmenting, 1)]
    [InlineData("slow", EndpointState.Slow, 1)]
    [InlineData("watch", EndpointState.WatchStalled, 1)]
    [InlineData("log", EndpointState.WriteStalled, 0)]
    [InlineData("disk", EndpointState.WriteStalled, 0)]
    [InlineData("backend", EndpointState.WriteStalled, 0)]
    [InlineData("process", EndpointState.Unresponsive, 0)]
    internal void Who_saves_takes_part(string fault, EndpointState state, int tolerance)
    {
        var judge = new EndpointJudge();
        IReadOnlyList<EndpointObservation> observations = [];
        Run(judge, fault, 20, 60, 45, (_, o) => observations = o);

        observations[0].State.Should().Be(state);
        ClusterViews.Of(observations).FailureTolerance.Should().Be(tolerance);
    }

    [Fact]
    public void One_member_of_which_nobody_knows_where_it_hangs_is_enough_for_another_look()
    {
        var judge = new EndpointJudge();

        foreach (var sampled in new[] { 10, 13.2 })
        {
            judge.Judge(Reported.Snapshot([HungSince11(sampled), At(2, 50, sampled), At(3, 50, sampled)]), SimulatedEndpoint.Seconds(sampled + 0.1));
        }

        judge.WantsAnotherLook.Should().BeTrue();
    }

    [Fact]
    public void How_far_members_of_another_cluster_are_says_nothing_of_this_one()
    {
        var judge = new EndpointJudge();
        IReadOnlyList<EndpointObservation> Judge(double sent) => judge.Judge(
            Reported.Snapshot([HungSince11(sent), At(2, 50, sent), At(3, 1000, sent, cluster: 0xbad)]) with { ClusterId = Told.ClusterId }, SimulatedEndpoint.Seconds(sent + 0.1));

        Judge(10);

        Judge(15.1)[0].Stall.Should().Be(StallSite.Unclear, "member 2 stands where it stands");
    }

    /// <summary>Its put ran out of time at second 13.</summary>
    private static EndpointSnapshot HungSince11(double sampled) => At(1, 50, sampled) with
    {
        Operations = [ProbedEndpoint.Ended(ProbeOperation.Put, FailureReason.Timeout, 11, 13), ProbedEndpoint.Ended(ProbeOperation.Status, null, sampled, sampled + 0.1)],
    };

    private static EndpointSnapshot At(int number, ulong index, double sampled, ulong cluster = Told.ClusterId)
    {
        var status = Told.Status((ulong)number, 2, commit: index, cluster: cluster);
        return Reported.Endpoint(number, status) with
        {
            Sample = new MemberSample($"m{number}:2379", status, SimulatedEndpoint.Seconds(sampled), SimulatedEndpoint.Seconds(sampled + 0.01)),
        };
    }

    private static (List<(double At, string State)> Seen, List<string> Where, int Asked) Run(string fault, double from, double to, double until)
    {
        var seen = new List<(double At, string State)>();
        var where = new List<string>();
        var asked = Run(new EndpointJudge(), fault, from, to, until, (now, observations) =>
        {
            var (state, stall) = (observations[0].State.Label(), observations[0].Stall?.Label());
            if (seen.Count == 0 || seen[^1].State != state)
            {
                seen.Add((now, state));
            }

            if (stall is not null && (where.Count == 0 || where[^1] != stall))
            {
                where.Add(stall);
            }
        });
        return (seen, where, asked);
    }

    private static int Run(EndpointJudge judge, string fault, double from, double to, double until, Action<double, IReadOnlyList<EndpointObservation>> judged)
    {
        SimulatedEndpoint[] endpoints = [new(1, fault, from, to), new(2, "", 0, 0), new(3, "", 0, 0)];
        var (asked, askedAt) = (0, double.MinValue);
        for (var now = 0.0; now < until; now++)
        {
            Array.ForEach(endpoints, e => e.Step(now));
            judged(now, Judge(now + 0.1));
            if (judge.WantsAnotherLook)
            {
                Array.ForEach(endpoints, e => e.Look(now + 0.4));
                judged(now, Judge(now + 0.5));
            }

            if (judge.WantWitness.Count > 0 && now - askedAt >= 5)
            {
                endpoints[0].AskMetrics(now + 0.5);
                (asked, askedAt) = (asked + 1, now);
            }
        }

        return asked;

        IReadOnlyList<EndpointObservation> Judge(double now) =>
            judge.Judge(Reported.Snapshot([.. endpoints.Select(e => e.Snapshot(now))]), SimulatedEndpoint.Seconds(now));
    }
}
