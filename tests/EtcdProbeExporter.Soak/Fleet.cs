using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>The clusters of a run, one of each kind that people have, and one where nothing ever answers.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];

    public List<SoakCluster> Clusters { get; } = [];

    /// <summary>Those that can be healthy.</summary>
    public IEnumerable<SoakCluster> Real => Clusters.Where(c => c.Etcd is not null);

    public static async Task<Fleet> StartAsync()
    {
        var fleet = new Fleet();
        try
        {
            await fleet.AddBehindGateAsync();
            await fleet.AddDiscoveredAsync();
            await fleet.AddTlsAsync();
            await fleet.AddAuthAsync();
            fleet.AddDead();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>A configuration file that watches these clusters.</summary>
    public static string Yaml(IEnumerable<SoakCluster> clusters) => "clusters:\n" + string.Concat(clusters.Select(c => c.Yaml));

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }

        Clusters.ForEach(c => c.Files?.Dispose());
    }

    private async Task AddBehindGateAsync()
    {
        var etcd = Add(await EtcdCluster.StartAsync(release: "3.5"));
        var gate = Add(new Gate(GateMode.Forward, int.Parse(etcd.Members[2].Endpoint.Split(':')[1], CultureInfo.InvariantCulture)));
        List<string> endpoints = [etcd.Members[0].Endpoint, etcd.Members[1].Endpoint, gate.Endpoint];
        Clusters.Add(new SoakCluster("gated", etcd, "") { Endpoints = endpoints, Probed = endpoints, Gate = gate });
    }

    private async Task AddDiscoveredAsync()
    {
        var etcd = Add(await EtcdCluster.StartAsync(release: "3.4"));
        Clusters.Add(new SoakCluster("discovered", etcd, "discover: true")
        {
            Endpoints = [etcd.Members[0].Endpoint],
            Probed = [.. etcd.Members.Select(m => m.Endpoint)],
        });
    }

    private async Task AddTlsAsync()
    {
        var files = new ClientFiles();
        var etcd = Add(await EtcdCluster.StartAsync(1, files.ServerArguments, "https", "3.5"));
        var settings = $$"""tls: { ca_file: {{files.CaFile}}, cert_file: {{files.CertFile}}, key_file: {{files.KeyFile}} }""";
        Clusters.Add(new SoakCluster("tls", etcd, settings)
        {
            Endpoints = [etcd.Members[0].Endpoint],
            Probed = [etcd.Members[0].Endpoint],
            Login = files.EtcdctlArguments,
            Files = files,
        });
    }

    private async Task AddAuthAsync()
    {
        var etcd = Add(await EtcdCluster.StartAsync(release: "3.5"));
        foreach (var command in new string[][]
        {
            ["user", "add", "root:root"], ["role", "add", "root"], ["user", "grant-role", "root", "root"],
            ["role", "add", "probe"], ["role", "grant-permission", "probe", "--prefix=true", "readwrite", "/etcd-probe/"],
            ["user", "add", "prober:secret"], ["user", "grant-role", "prober", "probe"], ["auth", "enable"],
        })
        {
            await etcd.EtcdctlAsync(command);
        }

        var password = Add(new ConfigurationFile("secret\n"));
        List<string> endpoints = [.. etcd.Members.Select(m => m.Endpoint)];
        Clusters.Add(new SoakCluster("auth", etcd, $$"""auth: { username: prober, password_file: {{password.Path}} }""")
        {
            Endpoints = endpoints,
            Probed = endpoints,
            Login = ["--user", "root:root"],
            Password = password,
        });
    }

    private void AddDead()
    {
        List<Gate> gates = [Add(new Gate(GateMode.Refuse)), Add(new Gate(GateMode.Close)), Add(new Gate(GateMode.Silent))];
        List<string> endpoints = [.. gates.Select(g => g.Endpoint)];
        Clusters.Add(new SoakCluster("dead", null, "") { Endpoints = endpoints, Probed = endpoints });
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
