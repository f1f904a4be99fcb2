using System.Net;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Ways to a member that break, get long, or lead elsewhere: the relay is what the exporter and the independent client have as its address.</summary>
internal static class PathFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        OnPath("way refuses", 2, s => BreakAsync(s, RelayMode.Refuse, States.Dead)) with { Alerts = new Alerts([], [], ["EtcdEndpointDown"]) },
        OnPath("way closes", 2, s => BreakAsync(s, RelayMode.Close, States.Dead)) with { Alerts = new Alerts([], [], ["EtcdEndpointDown"]) },
        OnPath("way is silent", 2, s => BreakAsync(s, RelayMode.Silent, States.Silent)) with { Alerts = new Alerts([], [], ["EtcdEndpointDown"]) },
        OnPath("long way", 3, DelayAsync) with { Alerts = Alerts.None },
        // Of a lone endpoint that leads to another cluster nobody can tell whether it was restored under a new token: it is followed, and the log says so.
        OnPath("another cluster", 3, ForeignAsync) with { PrepareAsync = PrepareForeignAsync, Securities = [Security.Plain], LeastMembers = 3 },
        OnPath("moved while the old address is silent", 2, MoveAsync) with { PrepareAsync = PrepareMoveAsync, Securities = [Security.Plain], Tools = ["unshare"] },
    ];

    private static Fault OnPath(string name, int weight, Func<Scene, Task<Repair>> begin) => new(name, weight, begin)
    {
        OnLoopback = true,
        PrepareAsync = scene =>
        {
            Choose(scene, m => new Relay(m.ClientPort, new IPEndPoint(IPAddress.Loopback, Ports.Next())));
            return Task.CompletedTask;
        },
    };

    // Which member it will be is decided before the exporter is started: its address is the relay's.
    private static (EtcdMember Member, Relay Relay) Choose(Scene scene, Func<EtcdMember, Relay> relay)
    {
        var free = scene.Cluster.Members.Where(m => !scene.Addresses.ContainsKey(m)).ToList();
        var member = free[scene.Random.Next(free.Count)];
        var own = scene.Own(relay(member));
        scene.Addresses[member] = own.Endpoint;
        scene.Relays[scene.Fault] = (member, own);
        return (member, own);
    }

    private static async Task<Repair> BreakAsync(Scene scene, RelayMode mode, string[] states)
    {
        var (member, relay) = scene.TakeRelayed();
        return await scene.HoldAsync(
            member,
            scene.On(member, states) with { Strict = true, Part = Part.TakesNone, Answers = false },
            () => relay.SwitchAsync(mode),
            () => relay.SwitchAsync(RelayMode.Forward));
    }

    private static async Task<Repair> DelayAsync(Scene scene)
    {
        var (member, relay) = scene.TakeRelayed();
        var delay = TimeSpan.FromMilliseconds(5 * Math.Pow(200, scene.Random.NextDouble())); // 5 ms to 1 s, each way
        scene.Ledger.Note(FormattableString.Invariant($"{delay.TotalMilliseconds:0} ms each way"));
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Healthy) with { Demanded = false, Part = Part.Either },
            () => SetAsync(delay),
            () => SetAsync(TimeSpan.Zero));

        Task SetAsync(TimeSpan to)
        {
            relay.Delay = to;
            return Task.CompletedTask;
        }
    }

    private static async Task PrepareForeignAsync(Scene scene)
    {
        Choose(scene, m => new Relay(m.ClientPort, new IPEndPoint(IPAddress.Loopback, Ports.Next())));
        scene.Foreign = scene.Own(await Cluster.StartAsync(new ClusterPlan([scene.Cluster.Plan.Releases[0]], Security.Plain, false, [])));
    }

    private static async Task<Repair> ForeignAsync(Scene scene)
    {
        var (member, relay) = scene.TakeRelayed();
        scene.Ledger.Allow("confirmed"); // two clusters under one name: that is what the word is for
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Foreign) with { Strict = true, LeadsElsewhere = true, Part = Part.Either },
            () => LeadToAsync(scene.Foreign!.Members[0].ClientPort),
            () => LeadToAsync(member.ClientPort));

        Task LeadToAsync(int port)
        {
            relay.Target = port;
            return relay.SwitchAsync(RelayMode.Forward);
        }
    }

    private static async Task PrepareMoveAsync(Scene scene)
    {
        var (member, relay) = Choose(scene, m => new Relay(m.ClientPort, new IPEndPoint(IPAddress.Parse("127.0.0.2"), Ports.Next())));
        var port = relay.Endpoint.Split(':')[1];
        scene.Hosts = Path.Combine(scene.Cluster.DataFolder, "hosts");
        await File.WriteAllTextAsync(scene.Hosts, "127.0.0.2 moving.test\n");
        scene.Addresses[member] = $"moving.test:{port}";
        scene.Direct[$"moving.test:{port}"] = member.Endpoint; // the campaign itself does not know the name
    }

    private static async Task<Repair> MoveAsync(Scene scene)
    {
        var (member, old) = scene.TakeRelayed();
        var port = int.Parse(old.Endpoint.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Silent) with { Strict = true, Part = Part.TakesNone, Answers = false, Lag = scene.Bound }, // two timeouts and two intervals are promised
            () => old.SwitchAsync(RelayMode.Silent),
            async () =>
            {
                scene.Own(new Relay(member.ClientPort, new IPEndPoint(IPAddress.Parse("127.0.0.3"), port)));
                await File.WriteAllTextAsync(scene.Hosts!, "127.0.0.3 moving.test\n");
            });
    }
}
