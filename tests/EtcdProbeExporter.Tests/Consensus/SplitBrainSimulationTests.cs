using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using Xunit.Abstractions;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Random histories that raft allows must never read as a confirmed split; histories that it forbids must.</summary>
public sealed class SplitBrainSimulationTests(ITestOutputHelper output)
{
    private const int Histories = 100_000;
    private const int Seed = 20261121;
    private const int SecondsPerHistory = 20;

    [Fact]
    public void No_legal_history_is_ever_a_confirmed_split()
    {
        var reached = new int[Enum.GetValues<SplitBrainState>().Length];
        var (accusedLeaders, highestStale) = (0, 0);
        Parallel.For(0, Histories, i =>
        {
            // Every second history is sampled as the defaults do it: every five seconds, each member at a time of its own.
            var interval = i % 2 == 0 ? 1 : 5;
            var judge = new SplitBrainJudge(TimeSpan.FromSeconds(interval == 1 ? 3 : 10));
            var simulation = new RaftSimulation(Seed + i);
            var verdicts = Run(simulation, SecondsPerHistory * (interval == 1 ? 1 : 2), interval, (observations, now) =>
            {
                var view = ClusterViews.Of(observations, new ViewContext { ClaimedSince = judge.ClaimedSince });
                var verdict = judge.Judge(observations, view, now);
                foreach (var stale in verdict.State == SplitBrainState.StaleLeader ? verdict.StaleClaims : [])
                {
                    var others = view.Members.Where(m => m.Status.MemberId != stale.MemberId).Select(m => m.Status.Term)
                        .Append(verdict.TrueLeader?.Term ?? 0).Append(view.Leader?.Term ?? 0);
                    if (stale.Term > others.Max())
                    {
                        Interlocked.Increment(ref highestStale);
                    }

                    if (simulation.LeadsSince(stale.MemberId) is { } since && view.Members.Any(m => m.Status.MemberId == stale.MemberId && m.Sent > since))
                    {
                        Interlocked.Increment(ref accusedLeaders);
                    }
                }

                return verdict;
            }, () => judge.WantsAnotherLook);
            Interlocked.Increment(ref reached[(int)verdicts.Max(v => v.State)]);
        });

        output.WriteLine(string.Join(", ", Enum.GetValues<SplitBrainState>().Select(s => $"{s}: {reached[(int)s]}")));
        output.WriteLine($"leaders called stale: {accusedLeaders}, claimants of the highest term: {highestStale}");
        reached[(int)SplitBrainState.Confirmed].Should().Be(0);
        highestStale.Should().Be(0, "the claimant of the highest term is never the stale one");
        accusedLeaders.Should().Be(0, "who leads, and said so after its election, is never the stale one");
        reached[(int)SplitBrainState.StaleLeader].Should().BeGreaterThan(Histories / 10, "the histories must be interesting");
    }

    [Theory]
    [InlineData(true, SplitBrainState.Confirmed)]
    [InlineData(false, SplitBrainState.Suspected)]
    internal void A_second_leader_that_commits_is_found_in_every_history_without_other_faults(bool sameTerm, SplitBrainState atLeast)
    {
        for (var i = 0; i < 1000; i++)
        {
            var worst = Run(Seed + i, SecondsPerHistory, s =>
            {
                s.Calm = true;
                s.AddRogueLeader(sameTerm);
            }).Max(v => v.State);

            worst.Should().BeOneOf(Enum.GetValues<SplitBrainState>().Where(s => s >= atLeast), "history {0} has two leaders that commit", i);
        }
    }

    [Theory]
    [InlineData(true, SplitBrainState.Confirmed)]
    [InlineData(false, SplitBrainState.Suspected)]
    internal void A_second_leader_that_commits_is_found_in_most_histories_that_have_other_faults_as_well(bool sameTerm, SplitBrainState atLeast)
    {
        var found = Enumerable.Range(0, 300).Count(i =>
            Run(Seed + i, 6 * SecondsPerHistory, s => s.AddRogueLeader(sameTerm)).Exists(v => v.State >= atLeast));

        output.WriteLine($"{found} of 300");
        found.Should().BeGreaterThan(200, "it can hide only while one of the two does not answer or does not commit");
    }

    [Fact]
    public void A_foreign_cluster_is_confirmed_in_every_history()
    {
        for (var i = 0; i < 300; i++)
        {
            var foreign = Foreign();
            var judge = new SplitBrainJudge(TimeSpan.FromSeconds(3));
            var verdicts = Run(Seed + i, 10, _ => { }, (observations, now) =>
                judge.Judge([.. observations, foreign(now)], ClusterViews.Of([.. observations, foreign(now)]), now));

            verdicts.Should().Contain(v => v.State == SplitBrainState.Confirmed);
        }
    }

    [Fact]
    public void A_broken_promise_of_linearizability_is_confirmed_in_every_history()
    {
        for (var i = 0; i < 300; i++)
        {
            var judge = new SplitBrainJudge(TimeSpan.FromSeconds(3));
            var told = false;
            var verdicts = Run(Seed + i, 10, _ => { }, (observations, now) =>
            {
                if (!told)
                {
                    told = true;
                    judge.LinearizabilityBroken(now, "stale read");
                }

                return judge.Judge(observations, ClusterViews.Of(observations), now);
            });

            verdicts.Should().OnlyContain(v => v.State == SplitBrainState.Confirmed);
        }
    }

    private static Func<TimeSpan, EndpointObservation> Foreign() => now => new EndpointObservation
    {
        Endpoint = "other:2379",
        State = EndpointState.Healthy,
        Sample = new MemberSample("other:2379", new MemberStatus
        {
            ClusterId = 0xc2,
            MemberId = 99,
            Revision = 5,
            Version = "3.5.0",
            Leader = 99,
            Term = 2,
            RaftIndex = 5,
            RaftAppliedIndex = 5,
            DbSize = 1,
            DbSizeInUse = 1,
            DbSizeQuota = null,
            IsLearner = false,
            Errors = [],
            Alarms = [],
        }, now - TimeSpan.FromMilliseconds(5), now),
    };

    private static List<SplitBrainVerdict> Run(int seed, int seconds, Action<RaftSimulation> prepare)
    {
        var judge = new SplitBrainJudge(TimeSpan.FromSeconds(3));
        return Run(seed, seconds, prepare, (observations, now) =>
        {
            var verdict = judge.Judge(observations, ClusterViews.Of(observations, new ViewContext { ClaimedSince = judge.ClaimedSince }), now);
            return verdict;
        }, () => judge.WantsAnotherLook);
    }

    /// <summary>Each endpoint is asked once a second at a time of its own, and all of them again soon after anything strange.</summary>
    private static List<SplitBrainVerdict> Run(
        int seed,
        int seconds,
        Action<RaftSimulation> prepare,
        Func<IReadOnlyList<EndpointObservation>, TimeSpan, SplitBrainVerdict> judge,
        Func<bool>? anotherLook = null)
    {
        var simulation = new RaftSimulation(seed);
        prepare(simulation);
        return Run(simulation, seconds, 1, judge, anotherLook);
    }

    private static List<SplitBrainVerdict> Run(
        RaftSimulation simulation,
        int seconds,
        int interval,
        Func<IReadOnlyList<EndpointObservation>, TimeSpan, SplitBrainVerdict> judge,
        Func<bool>? anotherLook)
    {
        var verdicts = new List<SplitBrainVerdict>();
        var lookAt = -1;
        for (var step = 0; step < seconds * RaftSimulation.StepsPerSecond; step++)
        {
            simulation.Advance();
            var slot = step % (interval * RaftSimulation.StepsPerSecond);
            var distance = Math.Max(2, interval * RaftSimulation.StepsPerSecond / simulation.Size);
            var sampled = false;
            if (step == lookAt)
            {
                simulation.SampleAll();
                sampled = true;
            }
            else if (slot < simulation.Size * distance && slot % distance == 0)
            {
                simulation.Sample(slot / distance);
                sampled = true;
            }

            if (!sampled)
            {
                continue;
            }

            verdicts.Add(judge(simulation.Observations, simulation.Now + TimeSpan.FromMilliseconds(100)));
            if (anotherLook?.Invoke() == true && lookAt < step)
            {
                lookAt = step + 3;
            }
        }

        return verdicts;
    }
}
