using System.Globalization;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Packets that are taken away between members, or between a member and its clients.</summary>
internal static class NetworkFaults
{
    private static readonly string[] BothWays = ["in", "out"];

    private static readonly string[] AnyTrouble = [.. States.Healthy, .. States.Hangs, .. States.Dead, .. States.NoLeader];

    private static readonly Alerts OfOneMember = new([], ["EtcdEndpointWriteStalled", "EtcdWriteErrorBudgetBurn"], []);

    public static IReadOnlyList<Fault> All { get; } =
    [
        Namespaced("peers cut", 4, PeersCutAsync) with { LeastMembers = 3, Alerts = OfOneMember },
        Namespaced("peers cut one way", 2, s => PeersTroubledAsync(s, [BothWays[s.Random.Next(2)]], "")) with { LeastMembers = 3 },
        Namespaced("clients cut", 4, s => ClientsCutAsync(s, BothWays)) with { Alerts = new Alerts([], [], ["EtcdEndpointDown"]) },
        Namespaced("clients cut one way", 2, s => ClientsCutAsync(s, [BothWays[s.Random.Next(2)]])),
        Namespaced("peers lose packets", 2, s => PeersTroubledAsync(s, BothWays, Share(s.Random))) with { LeastMembers = 3 },
        Namespaced("clients lose packets", 2, s => ClientsTroubledAsync(s, Share(s.Random))),
        Namespaced("peers lose large packets", 2, s => PeersTroubledAsync(s, BothWays, "meta length > 1000")) with { LeastMembers = 3 },
        Namespaced("clients lose large packets", 2, s => ClientsTroubledAsync(s, "meta length > 1000")),
    ];

    private static Fault Namespaced(string name, int weight, Func<Scene, Task<Repair>> begin) =>
        new(name, weight, begin) { Namespaced = true, Tools = ["ip", "nft"] };

    private static string Share(Random random) => string.Create(CultureInfo.InvariantCulture, $"numgen random mod 100 < {random.Next(3, 21)}");

    private static async Task<Repair> PeersCutAsync(Scene scene)
    {
        var member = scene.Take();
        var endpoint = scene.EndpointOf(member);
        return await scene.HoldAsync(
            member,
            scene.On(member, scene.StatusWithheld ? States.CutOffUnseen : States.CutOff) with { Part = Part.TakesNone },
            async () =>
            {
                await scene.Cluster.Network.DropAsync(member.Namespace!, "peer0", BothWays);
                await Condition.EventuallyAsync( // one or two election timeouts later it sees no leader, and only then can the exporter
                    () => Task.FromResult(scene.Client.Statuses.TryGetValue(endpoint, out var s) && s.Leader == 0), TimeSpan.FromSeconds(15), $"{member.Name} sees no leader");
            },
            () => Network.HealAsync(member.Namespace!));
    }

    // What comes of it depends on who leads and on what is lost: the independent client tells.
    private static async Task<Repair> PeersTroubledAsync(Scene scene, IEnumerable<string> directions, string match)
    {
        var member = scene.Take();
        return await scene.HoldAsync(
            member,
            scene.On(member, AnyTrouble) with { Demanded = false, Part = Part.Either },
            () => scene.Cluster.Network.DropAsync(member.Namespace!, "peer0", directions, match),
            () => Network.HealAsync(member.Namespace!));
    }

    // To whoever is outside it is silent, whatever it may do among its peers.
    private static async Task<Repair> ClientsCutAsync(Scene scene, IReadOnlyList<string> directions)
    {
        var member = scene.Take();
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Vanished) with { Strict = true, Part = Part.TakesNone, Answers = false },
            () => scene.Cluster.Network.DropAsync(member.Namespace!, "client0", directions),
            () => Network.HealAsync(member.Namespace!));
    }

    private static async Task<Repair> ClientsTroubledAsync(Scene scene, string match)
    {
        var member = scene.Take();
        return await scene.HoldAsync(
            member,
            scene.On(member, AnyTrouble) with { Demanded = false, Part = Part.Either },
            () => scene.Cluster.Network.DropAsync(member.Namespace!, "client0", BothWays, match),
            () => Network.HealAsync(member.Namespace!));
    }
}
