using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Consensus;

/// <summary>Matches the voters of the member list with the endpoints that lead to them. Pure.</summary>
internal static class Voters
{
    /// <summary>
    /// An endpoint that does not answer is matched by the member that answered there before, or by its address; one that never answered,
    /// under an address that no member advertises, may be any of the members that are left over.
    /// </summary>
    public static IReadOnlyList<Voter> Of(IReadOnlyList<ClusterMember> list, IReadOnlyList<EndpointObservation> observations, ulong? main)
    {
        var native = observations.Where(o => o.Facts is not { } f || f.ClusterId == main).ToList();
        var strangers = new Queue<EndpointObservation>(native.Where(o => IsStranger(o, list)));
        var voters = new List<Voter>();
        foreach (var member in list.Where(m => !m.IsLearner))
        {
            var leading = native.Where(o => LeadsTo(o, member)).ToList();
            voters.Add(From(member, leading.Find(o => o.State == EndpointState.Healthy) ?? leading.Find(Answers) ?? leading.FirstOrDefault()));
        }

        // Strangers last: every member that is known by id or address has been matched then.
        return [.. voters.Select(v => v.IsKnown || !strangers.TryDequeue(out var stranger) ? v : From(v.Member, stranger))];
    }

    /// <summary>Something of it answers, be it an error: its process lives.</summary>
    public static bool Answers(EndpointObservation observation) => observation.State switch
    {
        EndpointState.Unresponsive or EndpointState.Unreachable => false,
        EndpointState.Unknown => observation.Facts is not null,
        _ => true,
    };

    /// <summary>Whether the endpoint is this member, or was when it last answered, or has one of its addresses.</summary>
    public static bool LeadsTo(EndpointObservation observation, ClusterMember member) =>
        (observation.Facts?.MemberId ?? observation.LastMemberId) is { } id ? id == member.Id : IsAddressOf(observation.Endpoint, member);

    private static Voter From(ClusterMember member, EndpointObservation? observation) =>
        new(member, observation?.Endpoint, observation?.State, observation is not null && Answers(observation)) { Stall = observation?.Stall };

    private static bool IsStranger(EndpointObservation observation, IReadOnlyList<ClusterMember> list) =>
        observation is { Facts: null, LastMemberId: null, Kind: not EndpointKind.Gateway } && !list.Any(m => IsAddressOf(observation.Endpoint, m));

    private static bool IsAddressOf(string endpoint, ClusterMember member) =>
        member.ClientUrls.Any(url => Uri.TryCreate(url, UriKind.Absolute, out var uri)
            && string.Equals(uri.Authority, endpoint, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// A voting member of the list and what is known of it. <see cref="State"/> is null when no endpoint leads to it, so that nobody knows how it
/// is; a member that was added and never started has no address that could be probed.
/// </summary>
internal sealed record Voter(ClusterMember Member, string? Endpoint, EndpointState? State, bool Answers)
{
    /// <summary>Where it hangs; null: it does not.</summary>
    public StallSite? Stall { get; init; }

    public bool NeverStarted => Member.Name.Length == 0 && Member.ClientUrls.Count == 0;

    public bool IsKnown => State is not null || NeverStarted;

    public string DisplayName => Member.Name.Length > 0 ? Member.Name : EtcdId.Format(Member.Id);

    /// <summary>
    /// Whether its vote can be counted on. One whose writes fail for a reason that concerns us or its data (full, alarmed, not authorised, a
    /// certificate that we refuse) takes part in raft all the same, and so does one that is slow, or hangs behind its log: what it saves
    /// counts (measured with etcd's failpoints). While nobody leads, everybody who answers may be part of the next quorum.
    /// </summary>
    public bool TakesPart(bool hasLeader) => State switch
    {
        EndpointState.Healthy or EndpointState.NoSpace or EndpointState.Corrupt or EndpointState.Unauthorized or EndpointState.TlsError => true,
        EndpointState.Slow or EndpointState.ApplyStalled or EndpointState.WatchStalled or EndpointState.Defragmenting => true,
        EndpointState.WriteStalled when Stall?.SavesLog() == true => true,
        EndpointState.NoLeader or EndpointState.WriteStalled => !hasLeader && Answers,
        EndpointState.Unknown => Answers,
        _ => false,
    };
}
