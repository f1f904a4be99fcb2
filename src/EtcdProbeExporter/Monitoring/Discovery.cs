using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;

namespace EtcdProbeExporter.Monitoring;

/// <summary>
/// Follows the member list: which endpoints to add, and which of the discovered ones to drop. Configured endpoints always stay, whatever the
/// list says. No I/O.
/// </summary>
internal sealed class Discovery(ClusterConfiguration cluster)
{
    /// <summary>A lagging member may show an old list for a moment: an endpoint goes when it was missing in so many rounds in a row.</summary>
    public const int RoundsUntilGone = 5;

    /// <summary>
    /// Raft clusters have some ten members. A list of thousands is a mistake or an attack, and each endpoint costs connections, memory and
    /// series.
    /// </summary>
    public const int MostDiscovered = 32;

    private readonly Dictionary<EndpointAddress, int> _missing = [];
    private readonly bool _secured = cluster.Endpoints.Any(e => e.IsTls);

    /// <summary>How many members of the newest list are not probed.</summary>
    public int Left { get; private set; }

    /// <summary>What the newest list changes.</summary>
    public DiscoveryChanges Follow(ClusterView view, IReadOnlyList<EndpointSnapshot> probed)
    {
        var changes = view.MemberList is { } list ? ChangesOf(list, probed) : new DiscoveryChanges([], [], 0);
        Left = changes.Left;
        return changes;
    }

    private DiscoveryChanges ChangesOf(IReadOnlyList<ClusterMember> list, IReadOnlyList<EndpointSnapshot> probed)
    {
        var found = list.Where(m => !probed.Any(p => Leads(p, m))).Select(AddressOf).OfType<EndpointAddress>().Distinct().ToList();
        var room = Math.Max(0, MostDiscovered - probed.Count(p => p.Source == EndpointSource.Discovered));
        return new DiscoveryChanges([.. found.Take(room)], Gone(list, probed), Math.Max(0, found.Count - room));
    }

    private List<EndpointAddress> Gone(IReadOnlyList<ClusterMember> list, IReadOnlyList<EndpointSnapshot> probed)
    {
        var gone = new List<EndpointAddress>();
        foreach (var endpoint in probed.Where(p => p.Source == EndpointSource.Discovered))
        {
            var missing = list.Any(m => Addresses(m).Contains(endpoint.Address)) ? 0 : _missing.GetValueOrDefault(endpoint.Address) + 1;
            _missing[endpoint.Address] = missing;
            if (missing >= RoundsUntilGone)
            {
                _missing.Remove(endpoint.Address);
                gone.Add(endpoint.Address);
            }
        }

        return gone;
    }

    /// <summary>Whether the endpoint is, or was when it last answered, this member, or has one of its addresses.</summary>
    private bool Leads(EndpointSnapshot endpoint, ClusterMember member) =>
        endpoint.LastMemberId == member.Id || Addresses(member).Any(a => a.Label == endpoint.Address.Label);

    private EndpointAddress? AddressOf(ClusterMember member) => Addresses(member).FirstOrDefault();

    // A cluster that is configured with TLS is not followed to plain text: a list must not talk us into sending a token in the open.
    private IEnumerable<EndpointAddress> Addresses(ClusterMember member)
    {
        foreach (var url in member.ClientUrls)
        {
            if (EndpointAddress.TryParse(url, _secured, out var address, out _) && address.IsTls == _secured)
            {
                yield return address;
            }
        }
    }
}

/// <summary>
/// What the member list changes in what is probed. <paramref name="Left"/> counts the members that are not probed because there are too
/// many of them.
/// </summary>
internal sealed record DiscoveryChanges(IReadOnlyList<EndpointAddress> Found, IReadOnlyList<EndpointAddress> Gone, int Left);
