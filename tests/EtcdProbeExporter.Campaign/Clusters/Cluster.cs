using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Clusters;

/// <summary>A real etcd cluster as the plan says, whose members come, go and change releases.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<EtcdMember> _members = [];
    private readonly Dictionary<EtcdMember, Site> _sites = [];
    private readonly Network? _network;
    private int _named;

    private Cluster(ClusterPlan plan, Network? network)
    {
        (Plan, _network, Identity) = (plan, network, new Identity(plan.Security));
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        DataFolder = Directory.CreateDirectory(Path.Combine(root, "etcd-probe-campaign-" + Guid.NewGuid().ToString("N"))).FullName;
    }

    public ClusterPlan Plan { get; }

    public Identity Identity { get; }

    public string DataFolder { get; }

    public Network Network => _network ?? throw new InvalidOperationException("this cluster has no networks of its own");

    public IReadOnlyList<EtcdMember> Members => _members;

    public static async Task<Cluster> StartAsync(ClusterPlan plan)
    {
        var cluster = new Cluster(plan, plan.Namespaced ? await Network.CreateAsync() : null);
        try
        {
            var sites = new List<Site>();
            foreach (var _ in plan.Releases)
            {
                sites.Add(await cluster.NewSiteAsync());
            }

            var peers = string.Join(',', sites.Select((s, i) => $"m{i}=http://{s.PeerHost}:{s.PeerPort}"));
            foreach (var (site, release) in sites.Zip(plan.Releases))
            {
                cluster._members.Add(cluster.NewMember(cluster.NextName(), site, EtcdRelease.Of(release), peers, isNew: true));
            }

            cluster._members.ForEach(m => m.Start());
            await cluster.EventuallyAsync(["endpoint", "health"]);
            if (plan.Security == Security.Auth)
            {
                await cluster.EnableAuthAsync();
            }

            return cluster;
        }
        catch (Exception e)
        {
            var logs = string.Join('\n', cluster._members.Select(m => $"--- {m.Name}\n{m.Log}"));
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"{plan} did not start: {e.Message}\n{logs[..Math.Min(logs.Length, 20_000)]}", e);
        }
    }

    /// <param name="arguments">Of etcdctl.</param>
    /// <param name="member">The one that is asked; null: all that run.</param>
    /// <param name="input">Its standard input.</param>
    public Task<string> EtcdctlAsync(IReadOnlyList<string> arguments, EtcdMember? member = null, string? input = null)
    {
        var endpoints = string.Join(',', (member is null ? _members.Where(m => m.Runs) : [member]).Select(Url));
        string[] command = [(member ?? _members[0]).Release.Etcdctl, "--endpoints", endpoints, .. Identity.Etcdctl, .. arguments];
        string[] all = input is null ? command : ["sh", "-c", "printf '%s\\n' \"$0\" | \"$@\"", input, .. command];
        return RunningProcess.RunAsync(all[0], all[1..], new Dictionary<string, string> { ["ETCDCTL_API"] = "3" });
    }

    /// <summary>Tries until etcd does it: while it elects, and for some seconds after its start, it refuses a lot.</summary>
    public async Task<string> EventuallyAsync(IReadOnlyList<string> arguments, EtcdMember? member = null)
    {
        var answer = "";
        var error = "";
        await Condition.EventuallyAsync(
            async () =>
            {
                try
                {
                    answer = await EtcdctlAsync(arguments, member);
                    return true;
                }
                catch (InvalidOperationException e)
                {
                    error = e.Message;
                    return false;
                }
            },
            TimeSpan.FromSeconds(45),
            $"etcdctl {string.Join(' ', arguments)}: {error}");
        return answer;
    }

    public async Task EnableAuthAsync()
    {
        foreach (var command in Identity.AuthCommands)
        {
            await EventuallyAsync(command, _members[0]); // the oldest: what 3.5 writes of a password, 3.4 takes for an empty one
        }

        Identity.AuthIsOn = true;
    }

    public string Url(EtcdMember member) => $"{Identity.Scheme}://{member.Endpoint}";

    public string PeerUrl(EtcdMember member) => $"http://{_sites[member].PeerHost}:{member.PeerPort}";

    public string DataOf(EtcdMember member) => Path.Combine(DataFolder, member.Name);

    /// <summary>name=url of all members, as --initial-cluster wants it.</summary>
    public string InitialCluster => string.Join(',', _members.Select(m => $"{m.Name}={PeerUrl(m)}"));

    public Task<Site> NewSiteAsync() => _network?.AddSiteAsync() ?? Task.FromResult(Site.OnLoopback());

    public string NextName() => $"m{_named++}";

    /// <summary>Joins the list of members; the member list of etcd is the caller's business.</summary>
    public EtcdMember Join(string name, Site site, EtcdRelease release)
    {
        var peers = string.Join(',', new[] { InitialCluster, $"{name}=http://{site.PeerHost}:{site.PeerPort}" }.Where(p => p.Length > 0));
        var member = NewMember(name, site, release, peers, isNew: false);
        _members.Add(member);
        return member;
    }

    public Site SiteOf(EtcdMember member) => _sites[member];

    public void Forget(EtcdMember member) => _members.Remove(member);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _sites.Keys)
        {
            await member.DisposeAsync();
        }

        Directory.Delete(DataFolder, recursive: true);
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        Identity.Dispose();
    }

    private EtcdMember NewMember(string name, Site site, EtcdRelease release, string peers, bool isNew)
    {
        var client = $"{Identity.Scheme}://{site.Host}:{site.ClientPort}";
        var peer = $"http://{site.PeerHost}:{site.PeerPort}";
        var data = Path.Combine(DataFolder, name);
        var member = new EtcdMember(release, name, site.ClientPort, site.PeerPort, data,
        [
            "--name", name, "--data-dir", data, "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", peers, "--initial-cluster-state", isNew ? "new" : "existing", "--initial-cluster-token", Path.GetFileName(DataFolder),
            "--logger", "zap", "--log-outputs", "stderr", .. Identity.ServerArguments(site), .. Plan.Arguments,
        ])
        { Host = site.Host, Namespace = site.Namespace };
        _sites[member] = site;
        return member;
    }
}
