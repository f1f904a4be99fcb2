using EtcdProbeExporter.Consensus;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>Rounds of a split-brain judge in short words.</summary>
public abstract class JudgedRounds
{
    private protected SplitBrainJudge Judge { get; } = new(TimeSpan.FromSeconds(3));

    private protected SplitBrainVerdict HungLeader(double now) => Round(now, (1, 1, 7, 10), (2, 2, 8, 10), (3, 2, 8, 10));

    /// <summary>A negative member: its endpoint is silent.</summary>
    private protected SplitBrainVerdict Round(double now, params (int Member, ulong Leader, ulong Term, int Commit)[] told)
    {
        var list = Told.List(Math.Max(told.Max(t => Math.Abs(t.Member)), 3));
        return Look(now, [.. told.Select(t => t.Member < 0
            ? Told.Endpoint($"m{-t.Member}:2379", null, state: EndpointState.Unreachable, lastMember: (ulong)-t.Member)
            : Told.Endpoint($"m{t.Member}:2379", Told.Status((ulong)t.Member, t.Leader, t.Term, (ulong)t.Commit), now, list))]);
    }

    private protected SplitBrainVerdict Look(double now, EndpointObservation[] observations) => Judge.Judge(
        observations, ClusterViews.Of(observations, new ViewContext { ClaimedSince = Judge.ClaimedSince, ClusterId = Told.ClusterId }), TimeSpan.FromSeconds(now));
}
