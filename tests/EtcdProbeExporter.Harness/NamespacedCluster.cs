using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// Three members, each in a network namespace of its own with two ways out: one to clients (the test's own namespace) and one to its peers,
/// over a bridge in a fourth namespace. Taking a member's port off that bridge cuts it from its peers alone, without an error on either side.
/// Needs root.
/// </summary>
internal sealed class NamespacedCluster : IAsyncDisposable
{
    private static int _next;

    // The kernel takes the links of a deleted namespace away in its own time: every cluster has names and addresses of its own.
    private readonly int _instance = Interlocked.Increment(ref _next);
    private readonly int _net = Environment.ProcessId % 200;
    private readonly string _data;
    private readonly List<RunningProcess> _members = [];

    private NamespacedCluster() => _data = Directory.CreateTempSubdirectory("etcd-probe-netns-").FullName;

    public IReadOnlyList<string> Endpoints => [.. Enumerable.Range(0, 3).Select(i => $"{Client(i)}:2379")];

    private string Prefix => string.Create(CultureInfo.InvariantCulture, $"ep{Environment.ProcessId % 10000}{_instance}");

    private string Switch => Prefix + "sw";

    public static async Task<NamespacedCluster> StartAsync()
    {
        var cluster = new NamespacedCluster();
        try
        {
            await cluster.BuildAsync(EtcdRelease.UnderTest);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Number of the member that a quorum follows.</summary>
    public async Task<int> LeaderAsync() => await Condition.EventuallyAsync(
        async () =>
        {
            var claims = await Task.WhenAll(Enumerable.Range(0, 3).Select(LeadsAsync));
            return claims.Count(c => c) == 1 ? Array.IndexOf(claims, true) : -1;
        },
        leader => leader >= 0,
        TimeSpan.FromSeconds(30),
        "one member leads");

    /// <summary>Cuts a member from its peers; clients still reach it.</summary>
    public Task CutAsync(int member) => IpAsync("-n", Switch, "link", "set", $"{Prefix}p{member}", "nomaster");

    public Task HealAsync(int member) => IpAsync("-n", Switch, "link", "set", $"{Prefix}p{member}", "master", "br0");

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        foreach (var name in Enumerable.Range(0, 3).Select(Namespace).Append(Switch))
        {
            await RunningProcess.RunAsync("sh", ["-c", $"ip netns del {name} 2>/dev/null || true"]); // its links go with it
        }

        Directory.Delete(_data, recursive: true);
    }

    private string Namespace(int member) => $"{Prefix}n{member}";

    private string Subnet(int number) => string.Create(CultureInfo.InvariantCulture, $"10.{_net}.{(_instance * 4) + number}");

    private string Client(int member) => Subnet(member) + ".2";

    private string Peer(int member) => $"{Subnet(3)}.{member + 1}";

    private async Task BuildAsync(EtcdRelease release)
    {
        await IpAsync("netns", "add", Switch);
        await IpAsync("-n", Switch, "link", "add", "br0", "type", "bridge");
        await IpAsync("-n", Switch, "link", "set", "br0", "up");
        for (var i = 0; i < 3; i++)
        {
            var name = Namespace(i);
            await IpAsync("netns", "add", name);
            await IpAsync("-n", name, "link", "set", "lo", "up");
            await IpAsync("link", "add", $"{Prefix}c{i}", "type", "veth", "peer", "name", "client0", "netns", name);
            await IpAsync("addr", "add", Subnet(i) + ".1/24", "dev", $"{Prefix}c{i}");
            await IpAsync("link", "set", $"{Prefix}c{i}", "up");
            await IpAsync("-n", name, "addr", "add", $"{Client(i)}/24", "dev", "client0");
            await IpAsync("-n", name, "link", "set", "client0", "up");
            await IpAsync("-n", Switch, "link", "add", $"{Prefix}p{i}", "type", "veth", "peer", "name", "peer0", "netns", name);
            await IpAsync("-n", Switch, "link", "set", $"{Prefix}p{i}", "master", "br0", "up");
            await IpAsync("-n", name, "addr", "add", $"{Peer(i)}/24", "dev", "peer0");
            await IpAsync("-n", name, "link", "set", "peer0", "up");
        }

        var peers = string.Join(',', Enumerable.Range(0, 3).Select(i => $"m{i}=http://{Peer(i)}:2380"));
        for (var i = 0; i < 3; i++)
        {
            _members.Add(RunningProcess.Start(
                "ip",
                [
                    "netns", "exec", Namespace(i), release.Etcd, "--name", $"m{i}", "--data-dir", Path.Combine(_data, $"m{i}"),
                    "--listen-client-urls", $"http://{Client(i)}:2379", "--advertise-client-urls", $"http://{Client(i)}:2379",
                    "--listen-peer-urls", $"http://{Peer(i)}:2380", "--initial-advertise-peer-urls", $"http://{Peer(i)}:2380",
                    "--initial-cluster", peers, "--initial-cluster-state", "new", "--logger", "zap", "--log-outputs", "stderr",
                ],
                RuntimeInformation.OSArchitecture == Architecture.Arm64 ? new Dictionary<string, string> { ["ETCD_UNSUPPORTED_ARCH"] = "arm64" } : null));
        }

        await LeaderAsync();
    }

    private async Task<bool> LeadsAsync(int member)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
            using var body = new StringContent("{}");
            using var answer = await http.PostAsync(new Uri($"http://{Client(member)}:2379/v3/maintenance/status"), body);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return json.RootElement.GetProperty("leader").GetString() == json.RootElement.GetProperty("header").GetProperty("member_id").GetString();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
        {
            return false; // not up yet, or without a leader
        }
    }

    private static Task<string> IpAsync(params string[] arguments) => RunningProcess.RunAsync(Tools.Find("ip")!, arguments);
}
