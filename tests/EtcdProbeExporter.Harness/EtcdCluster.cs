using System.Globalization;
using System.Text.Json;

namespace EtcdProbeExporter.Harness;

/// <summary>A real etcd cluster on loopback with throw-away data.</summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly string _data;
    private readonly List<EtcdMember> _members = [];

    private EtcdCluster(EtcdRelease release, string data)
    {
        Release = release;
        _data = data;
    }

    public EtcdRelease Release { get; }

    /// <summary>Holds one folder per member, named as it is.</summary>
    public string DataFolder => _data;

    public IReadOnlyList<EtcdMember> Members => _members;

    public string Endpoints => string.Join(',', _members.Select(m => m.Endpoint));

    /// <param name="members">How many.</param>
    /// <param name="arguments">Further arguments of every member.</param>
    /// <param name="scheme">http or https (then the arguments name the certificates).</param>
    /// <param name="release">Name of the release; null: the one under test.</param>
    public static async Task<EtcdCluster> StartAsync(
        int members = 3, IReadOnlyList<string>? arguments = null, string scheme = "http", string? release = null)
    {
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var data = Directory.CreateDirectory(Path.Combine(root, "etcd-probe-test-" + Guid.NewGuid().ToString("N"))).FullName;
        var cluster = new EtcdCluster(release is null ? EtcdRelease.UnderTest : EtcdRelease.Of(release), data);
        var ports = Enumerable.Range(0, members).Select(_ => (Client: Ports.Next(), Peer: Ports.Next())).ToList();
        var peers = string.Join(',', ports.Select((p, i) => $"m{i}=http://127.0.0.1:{p.Peer}"));
        for (var i = 0; i < members; i++)
        {
            var client = $"{scheme}://127.0.0.1:{ports[i].Client}";
            var peer = $"http://127.0.0.1:{ports[i].Peer}";
            cluster._members.Add(new EtcdMember(cluster.Release, $"m{i}", ports[i].Client, ports[i].Peer, Path.Combine(data, $"m{i}"),
            [
                "--name", $"m{i}", "--data-dir", Path.Combine(data, $"m{i}"),
                "--listen-client-urls", client, "--advertise-client-urls", client,
                "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", peers, "--initial-cluster-state", "new", "--initial-cluster-token", Path.GetFileName(data),
                "--logger", "zap", "--log-outputs", "stderr",
                .. arguments ?? [],
            ]));
        }

        try
        {
            cluster._members.ForEach(m => m.Start());
            if (scheme == "http")
            {
                await cluster.LeaderAsync();
            }

            return cluster;
        }
        catch (Exception e)
        {
            var logs = string.Join('\n', cluster._members.Select(m => $"--- {m.Name}\n{m.Log}"));
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"{cluster.Release} did not start: {e.Message}\n{logs}", e);
        }
    }

    /// <summary>Waits for the member that leads by its own word, one that others follow.</summary>
    public async Task<EtcdMember> LeaderAsync()
    {
        var found = await Condition.EventuallyAsync(
            async () =>
            {
                var told = await Task.WhenAll(_members.Select(StatusAsync));
                var leader = told.Where(t => t.Leader is not (null or "0")).GroupBy(t => t.Leader).MaxBy(g => g.Count());
                return leader is not null && leader.Count() > _members.Count / 2 ? told.FirstOrDefault(t => t.Id == leader.Key).Member : null;
            },
            m => m is not null,
            StartDeadline,
            "a quorum follows a leader");
        return found!;
    }

    public async Task<EtcdMember> FollowerAsync()
    {
        var leader = await LeaderAsync();
        return _members.First(m => m != leader);
    }

    /// <summary>Adds a learner to the running cluster and starts it. The caller disposes it.</summary>
    public async Task<EtcdMember> AddLearnerAsync()
    {
        var (clientPort, peerPort) = (Ports.Next(), Ports.Next());
        var (client, peer) = ($"http://127.0.0.1:{clientPort}", $"http://127.0.0.1:{peerPort}");
        var name = $"m{_members.Count}";
        var added = "";
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    added = await EtcdctlAsync(["member", "add", name, "--learner", "--peer-urls", peer, "-w", "json"]);
                    return true;
                }
                catch (InvalidOperationException)
                {
                    return false; // for some seconds after the start etcd answers "unhealthy cluster"
                }
            },
            StartDeadline,
            "the cluster takes a learner");
        using var json = JsonDocument.Parse(added);
        var id = json.RootElement.GetProperty("member").GetProperty("ID").GetUInt64();
        var peers = string.Join(',', _members.Select(m => $"{m.Name}=http://127.0.0.1:{m.PeerPort}").Append($"{name}={peer}"));
        var data = Path.Combine(_data, name);
        var learner = new EtcdMember(Release, name, clientPort, peerPort, data,
        [
            "--name", name, "--data-dir", data, "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", peers, "--initial-cluster-state", "existing", "--logger", "zap", "--log-outputs", "stderr",
        ])
        { MemberId = id.ToString("x", CultureInfo.InvariantCulture) };
        learner.Start();
        return learner;
    }

    /// <summary>Runs etcdctl of the same release against all members, or those given.</summary>
    public Task<string> EtcdctlAsync(IReadOnlyList<string> arguments, string? endpoints = null) => RunningProcess.RunAsync(
        Release.Etcdctl, ["--endpoints", endpoints ?? Endpoints, .. arguments], new Dictionary<string, string> { ["ETCDCTL_API"] = "3" });

    /// <summary>Asks one member for its status through etcd's JSON gateway; null when it does not answer within a second.</summary>
    public static async Task<long?> AnswersStatusAsync(EtcdMember member)
    {
        var status = await StatusAsync(member);
        return status.Id is null ? null : status.Revision;
    }

    /// <summary>The id by which a member calls itself, in decimal; null when it does not answer within a second.</summary>
    public static async Task<string?> MemberIdAsync(EtcdMember member)
    {
        var status = await StatusAsync(member);
        return status.Id;
    }

    /// <summary>Revision of the store, as the leader has it.</summary>
    public async Task<long> RevisionAsync()
    {
        var status = await StatusAsync(await LeaderAsync());
        return status.Revision;
    }

    /// <summary>The leader's term: who was elected, or had to be elected again, has a higher one than before.</summary>
    public async Task<long> TermAsync()
    {
        var status = await StatusAsync(await LeaderAsync());
        return status.Term;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }

    private static async Task<(EtcdMember Member, string? Id, string? Leader, long Revision, long Term)> StatusAsync(EtcdMember member)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
            using var body = new StringContent("{}");
            using var answer = await http.PostAsync(new Uri($"http://{member.Endpoint}/v3/maintenance/status"), body);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var header = json.RootElement.GetProperty("header");
            long Header(string name) => header.TryGetProperty(name, out var number) ? long.Parse(number.GetString()!, CultureInfo.InvariantCulture) : 0;
            return (member, header.GetProperty("member_id").GetString(), json.RootElement.GetProperty("leader").GetString(), Header("revision"), Header("raft_term"));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException)
        {
            return (member, null, null, 0, 0); // not up yet, or made ill on purpose
        }
    }
}
