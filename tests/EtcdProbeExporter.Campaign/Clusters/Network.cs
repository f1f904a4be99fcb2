using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Clusters;

/// <summary>Where a member lives. Without a namespace it is on loopback, at ports of its own.</summary>
internal sealed record Site(string Host, int ClientPort, string PeerHost, int PeerPort, string? Namespace)
{
    public static Site OnLoopback() => new("127.0.0.1", Ports.Next(), "127.0.0.1", Ports.Next(), null);
}

/// <summary>
/// Network namespaces, one per member, each with two ways out: <c>client0</c> to the campaign's own namespace and <c>peer0</c> to the other
/// members, over a bridge in a namespace of its own. nftables in a member's namespace takes packets away. Needs root.
/// </summary>
internal sealed class Network : IAsyncDisposable
{
    private const int MostMembers = 8;

    private static int _next;

    private readonly int _instance = Interlocked.Increment(ref _next);
    private readonly List<string> _namespaces = [];
    private readonly string _rules = Path.GetTempFileName();

    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"ca{Environment.ProcessId % 10000}{_instance % 1000}");

    private string Switch => Prefix + "s";

    private static int Net => 200 + (Environment.ProcessId % 55);

    public static async Task<Network> CreateAsync()
    {
        var network = new Network();
        network._namespaces.Add(network.Switch);
        await IpAsync("netns", "add", network.Switch);
        await IpAsync("-n", network.Switch, "link", "add", "br0", "type", "bridge");
        await IpAsync("-n", network.Switch, "link", "set", "br0", "up");
        return network;
    }

    /// <summary>A namespace for one more member.</summary>
    public async Task<Site> AddSiteAsync()
    {
        var i = _namespaces.Count - 1; // the first is the switch
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}n{i}");
        var (client, peer) = (Subnet(i), string.Create(CultureInfo.InvariantCulture, $"{Subnet(MostMembers - 1)}.{i + 1}"));
        var (outer, port) = ($"{Prefix}c{i}", $"{Prefix}p{i}");
        _namespaces.Add(name);
        await IpAsync("netns", "add", name);
        await IpAsync("-n", name, "link", "set", "lo", "up");
        await IpAsync("link", "add", outer, "type", "veth", "peer", "name", "client0", "netns", name);
        await IpAsync("addr", "add", client + ".1/24", "dev", outer);
        await IpAsync("link", "set", outer, "up");
        await IpAsync("-n", name, "addr", "add", client + ".2/24", "dev", "client0");
        await IpAsync("-n", name, "link", "set", "client0", "up");
        await IpAsync("-n", Switch, "link", "add", port, "type", "veth", "peer", "name", "peer0", "netns", name);
        await IpAsync("-n", Switch, "link", "set", port, "master", "br0", "up");
        await IpAsync("-n", name, "addr", "add", peer + "/24", "dev", "peer0");
        await IpAsync("-n", name, "link", "set", "peer0", "up");
        return new Site(client + ".2", 2379, peer, 2380, name);
    }

    /// <summary>Drops packets of one interface of a member, until <see cref="HealAsync"/>.</summary>
    /// <param name="member">Its namespace.</param>
    /// <param name="link">peer0 or client0.</param>
    /// <param name="directions">"in", "out" or both, as the member sees it.</param>
    /// <param name="match">Which packets, in nft's words; empty: all.</param>
    public async Task DropAsync(string member, string link, IEnumerable<string> directions, string match = "")
    {
        var chains = directions.Select(d => d == "in"
            ? $"chain in {{ type filter hook input priority 0; policy accept; iifname \"{link}\" {match} drop; }};"
            : $"chain out {{ type filter hook output priority 0; policy accept; oifname \"{link}\" {match} drop; }};");
        await File.WriteAllTextAsync(_rules, $"table inet fault {{ {string.Join(' ', chains)} }}\n");
        await IpAsync("netns", "exec", member, Tools.Find("nft")!, "-f", _rules);
    }

    public static Task HealAsync(string member) => IpAsync("netns", "exec", member, Tools.Find("nft")!, "delete", "table", "inet", "fault");

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _namespaces)
        {
            await RunningProcess.RunAsync("sh", ["-c", $"ip netns del {name} 2>/dev/null || true"]); // its links go with it
        }

        File.Delete(_rules);
    }

    private string Subnet(int number) => string.Create(CultureInfo.InvariantCulture, $"10.{Net}.{((_instance * MostMembers) + number) % 256}");

    private static Task<string> IpAsync(params string[] arguments) => RunningProcess.RunAsync(Tools.Find("ip")!, arguments);
}
