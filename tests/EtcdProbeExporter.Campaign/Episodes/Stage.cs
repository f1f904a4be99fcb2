using System.Globalization;
using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Exporters;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Episodes;

/// <summary>Sets up what an episode needs: the cluster, the independent client, the exporter.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly EpisodePlan _plan;
    private readonly ConfigurationFile _configuration = new("");

    private Stage(EpisodePlan plan, Cluster cluster)
    {
        _plan = plan;
        Clock = new EpisodeClock();
        Lag = new LagMeter(Clock);
        Cluster = cluster;
        var patience = TimeSpan.FromSeconds(Math.Clamp(plan.Timeout.TotalSeconds + 1, 2, 6));
        Client = new IndependentClient(cluster.Identity, Clock, patience);
        Ledger = new Ledger(Clock);
        Scene = new Scene(cluster, Client, Ledger, Clock, plan.Bound) { StatusWithheld = plan.StatusWithheld };
    }

    public EpisodeClock Clock { get; }

    public LagMeter Lag { get; }

    public Cluster Cluster { get; }

    public IndependentClient Client { get; }

    public Ledger Ledger { get; }

    public Scene Scene { get; }

    public static async Task<Stage> SetAsync(EpisodePlan plan)
    {
        var stage = new Stage(plan, await Cluster.StartAsync(plan.Cluster));
        try
        {
            await stage.BeginAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Scene.Exporter is { } exporter)
        {
            await exporter.DisposeAsync();
        }

        if (Scene.Second is { } second)
        {
            await second.DisposeAsync();
        }

        await Client.DisposeAsync();
        await Cluster.DisposeAsync();
        await Scene.DisposeAsync();
        Lag.Dispose();
        await _configuration.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        foreach (var fault in _plan.Faults)
        {
            (Scene.Fault, Scene.Preferred, Scene.Random) = (fault.Fault.Name, fault.Preferred, new Random(fault.Seed));
            if (fault.Fault.PrepareAsync is { } prepare)
            {
                await prepare(Scene);
            }
        }

        foreach (var member in Cluster.Members)
        {
            var endpoint = Scene.EndpointOf(member);
            Client.Add(endpoint, Scene.Direct.GetValueOrDefault(endpoint, endpoint));
            Ledger.Lives[endpoint] = (TimeSpan.Zero, TimeSpan.MaxValue);
        }

        Ledger.SetVoters(Cluster.Members.Count);
        _configuration.Write(Yaml());
        Scene.StartExporterAsync = () => WatchedExporter.StartAsync(
            () => ExporterProcess.StartAsync(["--config.file", _configuration.Path], Scene.Environment, Scene.Hosts), Clock);
        Scene.Exporter = await Scene.StartExporterAsync();
    }

    private string Yaml()
    {
        var endpoints = Cluster.Members.Select(m => $"{Cluster.Identity.Scheme}://{Scene.EndpointOf(m)}").Concat(Scene.Others.Select(o => $"http://{o}"));
        var probe = string.Join(", ", _plan.Faults.Select(f => f.Fault.Probe).Where(p => p.Length > 0).Distinct()
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"interval: {_plan.Interval.TotalMilliseconds}ms, timeout: {_plan.Timeout.TotalMilliseconds}ms")));
        return $$"""
            clusters:
              - name: campaign
                endpoints: [{{string.Join(", ", endpoints)}}]
                discover: {{(_plan.Discovers ? "true" : "false")}}
                probe: { {{probe}} }
                {{Cluster.Identity.Yaml}}

            """;
    }
}
