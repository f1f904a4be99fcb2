using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Exporters;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Whom a fault is done to. Which member that is, is known when it begins.</summary>
internal enum Victim
{
    Any,
    Leader,
    Follower,
}

/// <summary>One episode's cluster and what watches it, as a fault meets them.</summary>
internal sealed class Scene(Cluster cluster, IndependentClient client, Ledger ledger, EpisodeClock clock, TimeSpan bound) : IAsyncDisposable
{
    private readonly HashSet<EtcdMember> _ill = [];
    private readonly List<IAsyncDisposable> _extras = [];

    public Cluster Cluster => cluster;

    public IndependentClient Client => client;

    public Ledger Ledger => ledger;

    public EpisodeClock Clock => clock;

    /// <summary>Within which the exporter must have seen what is so.</summary>
    public TimeSpan Bound => bound;

    /// <summary>Whether the exporter's user may not see Status, and so not who leads.</summary>
    public bool StatusWithheld { get; init; }

    public WatchedExporter Exporter { get; set; } = null!;

    /// <summary>Of the fault that begins: drawn from the seed before anything was started.</summary>
    public Random Random { get; set; } = new(0);

    public Victim Preferred { get; set; }

    /// <summary>Name of the fault that begins.</summary>
    public string Fault { get; set; } = "";

    /// <summary>Endpoints of the exporter's configuration, in place of the members' own where a fault stands between.</summary>
    public Dictionary<EtcdMember, string> Addresses { get; } = [];

    /// <summary>Endpoints of the configuration that are no voters of the cluster.</summary>
    public HashSet<string> Others { get; } = [];

    /// <summary>The file that stands in for /etc/hosts; null: the machine's own.</summary>
    public string? Hosts { get; set; }

    /// <summary>Where the independent client finds an endpoint whose name only the exporter knows.</summary>
    public Dictionary<string, string> Direct { get; } = [];

    /// <summary>Of each fault that needs one: the member, and what stands before it.</summary>
    public Dictionary<string, (EtcdMember Member, Relay Relay)> Relays { get; } = [];

    /// <summary>Another cluster.</summary>
    public Cluster? Foreign { get; set; }

    /// <summary>The file that says how far the exporter's clock is off.</summary>
    public string Clockwork { get; set; } = "";

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>A second exporter that watches the same cluster, judged as the first.</summary>
    public WatchedExporter? Second { get; set; }

    public Func<Task<WatchedExporter>> StartExporterAsync { get; set; } = null!;

    public string EndpointOf(EtcdMember member) => Addresses.GetValueOrDefault(member, member.Endpoint);

    /// <summary>A member that is well, preferably of the kind that was drawn, and is not taken twice until it is let go.</summary>
    public EtcdMember Take()
    {
        var well = cluster.Members.Where(m => m.Runs && !_ill.Contains(m)).ToList();
        var leader = client.LeaderEndpoint();
        var wanted = Preferred switch
        {
            Victim.Leader => well.Where(m => EndpointOf(m) == leader),
            Victim.Follower => well.Where(m => EndpointOf(m) != leader),
            _ => well,
        };
        var from = wanted.ToList() is { Count: > 0 } some ? some : well;
        var member = from.Count > 0 ? from[Random.Next(from.Count)] : throw new InvalidOperationException("no member is well");
        _ill.Add(member);
        ledger.Note($"{Fault}: {member.Name} ({EndpointOf(member)}){(EndpointOf(member) == leader ? ", the leader" : "")}");
        return member;
    }

    /// <summary>The member that this fault's relay was put before.</summary>
    public (EtcdMember Member, Relay Relay) TakeRelayed()
    {
        var relayed = Relays[Fault];
        if (!_ill.Add(relayed.Member))
        {
            throw new InvalidOperationException($"{relayed.Member.Name} is ill already");
        }

        ledger.Note($"{Fault}: {relayed.Member.Name} ({EndpointOf(relayed.Member)})");
        return relayed;
    }

    public void LetGo(EtcdMember member) => _ill.Remove(member);

    /// <summary>Another member that is well, or the same where there is no other.</summary>
    public EtcdMember Helper(EtcdMember not) => cluster.Members.FirstOrDefault(m => m != not && m.Runs && !_ill.Contains(m)) ?? not;

    public T Own<T>(T extra)
        where T : IAsyncDisposable
    {
        _extras.Add(extra);
        return extra;
    }

    /// <summary>Holds a injury of one member; see <see cref="Ledger.HoldAsync"/>.</summary>
    public async Task<Repair> HoldAsync(EtcdMember member, Injury injury, Func<Task> begin, Func<Task> end)
    {
        var finish = await ledger.HoldAsync([injury], begin, end);
        return async () =>
        {
            await finish();
            LetGo(member);
        };
    }

    public Injury On(EtcdMember member, IReadOnlyList<string> states) => new(Fault, EndpointOf(member), states);

    public async ValueTask DisposeAsync()
    {
        foreach (var extra in Enumerable.Reverse(_extras))
        {
            await extra.DisposeAsync();
        }
    }
}
