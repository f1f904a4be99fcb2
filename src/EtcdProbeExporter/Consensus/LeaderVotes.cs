using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// Counts whom the voters name. Statuses are not taken at one instant, so they are not votes of one election: a status from before a rival's
/// claim may name a leader that has been deposed since (field: a hung leader's frozen word for itself and a follower's old status made a
/// quorum for it, and its successor was called stale). So a status names nobody when another member claims to lead at the same visible term
/// or a higher one, and that claim was first seen after the status was asked for. Pure.
/// </summary>
internal static class LeaderVotes
{
    /// <param name="voting">The newest sample of each member with a vote.</param>
    /// <param name="needed">How many must name the same one.</param>
    /// <param name="claimedSince">See <see cref="ViewContext.ClaimedSince"/>.</param>
    /// <returns>The one that is named, and the highest term that a sample shows that names it; null: nobody is.</returns>
    public static (ulong Leader, ulong Term)? Count(
        IReadOnlyList<MemberSample> voting, int needed, IReadOnlyDictionary<ulong, TimeSpan> claimedSince)
    {
        var named = MostNamed(voting, claimedSince);
        return named?.Count() >= needed ? (named.Key, named.Max(s => s.Status.Term)) : null;
    }

    /// <summary>How many name the one that is named most; parameters as above.</summary>
    public static int Most(IReadOnlyList<MemberSample> voting, IReadOnlyDictionary<ulong, TimeSpan> claimedSince) =>
        MostNamed(voting, claimedSince)?.Count() ?? 0;

    private static IGrouping<ulong, MemberSample>? MostNamed(IReadOnlyList<MemberSample> voting, IReadOnlyDictionary<ulong, TimeSpan> claimedSince)
    {
        var claims = voting.Where(s => s.Status.ClaimsLeadership).ToList();
        return voting.Where(s => s.Status.HasLeader && claims.TrueForAll(c => !Outdates(c, s, claimedSince)))
            .GroupBy(s => s.Status.Leader)
            .MaxBy(g => g.Count());
    }

    private static bool Outdates(MemberSample claim, MemberSample vote, IReadOnlyDictionary<ulong, TimeSpan> claimedSince)
    {
        var rival = claim.Status;
        var since = claimedSince.TryGetValue(rival.MemberId, out var first) ? first : claim.Sent;
        return rival.MemberId != vote.Status.Leader && rival.Term >= vote.Status.Term && vote.Sent < since;
    }
}

/// <summary>
/// The leader that a quorum names. <paramref name="Endpoint"/> is where it answers, or answered last, or what it advertises, whether or not it
/// answers now; empty when no endpoint leads to it. <paramref name="Term"/> is the highest visible term of those who name it.
/// </summary>
internal sealed record AgreedLeader(ulong MemberId, string MemberName, string Endpoint, ulong Term);
