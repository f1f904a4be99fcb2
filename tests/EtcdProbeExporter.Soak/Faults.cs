using System.Globalization;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>Takes a fault back.</summary>
internal delegate Task Repair();

/// <summary>What a fault is done to, and the randomness that it may use.</summary>
internal sealed record Target(SoakCluster Cluster, EtcdMember Member, Random Random)
{
    public IEnumerable<EtcdMember> Others => Cluster.Etcd!.Members.Where(m => m != Member);
}

/// <param name="Name">As progress lines name it.</param>
/// <param name="Weight">How often it is drawn, against the others.</param>
/// <param name="IsLight">Takes no member down: may be added to another fault.</param>
/// <param name="BeginAsync">Does it.</param>
internal sealed record Fault(string Name, int Weight, bool IsLight, Func<Target, Task<Repair>> BeginAsync);

/// <summary>All faults that can be done to a cluster.</summary>
internal static class Faults
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(60);

    private static readonly Fault[] Any =
    [
        new("freeze", 4, false, async t => { await t.Member.FreezeAsync(); return t.Member.ThawAsync; }),
        new("freeze for 300 ms", 3, true, BlipAsync),
        new("kill", 4, false, async t => { await t.Member.KillAsync(); return () => StartAsync(t.Member); }),
        new("stop", 2, false, async t => { await t.Member.StopAsync(); return () => StartAsync(t.Member); }),
        new("hang the log", 3, false, async t => RepairOf(await t.Member.DelayLogSyncAsync(Forever))),
        new("hang the disk", 3, false, async t => RepairOf(await t.Member.DelayFdatasyncAsync(Forever))),
        new("slow log", 2, false, async t => RepairOf(await t.Member.DelayLogSyncAsync(Delay(t.Random)))),
        new("slow disk", 2, false, async t => RepairOf(await t.Member.DelayFdatasyncAsync(Delay(t.Random)))),
        new("defragment", 2, true, t => EtcdctlAsync(t, ["defrag"], t.Member.Endpoint)),
    ];

    private static readonly Fault[] OfQuorums =
    [
        new("move the leader", 3, true, MoveLeaderAsync),
        new("compact", 2, true, CompactAsync),
        new("kill a majority", 1, false, KillMajorityAsync),
    ];

    private static readonly Fault[] OfAlarms =
    [
        new("alarm NOSPACE", 1, false, t => AlarmAsync(t, "NOSPACE")),
        new("alarm CORRUPT", 1, false, t => AlarmAsync(t, "CORRUPT")),
    ];

    private static readonly Fault[] OfGates =
    [
        new("gate refuses", 3, false, t => GateAsync(t, GateMode.Refuse)),
        new("gate closes", 3, false, t => GateAsync(t, GateMode.Close)),
        new("gate is silent", 3, false, t => GateAsync(t, GateMode.Silent)),
    ];

    private static readonly Fault[] OfPasswords = [new("password file away and a restart", 6, false, LosePasswordAsync)];

    private static readonly Fault[] OfCertificates =
    [
        new("new certificate before its key, and a restart", 6, false, SwapPairAsync),
        new("CA file empty and a restart", 6, false, EmptyCaAsync),
    ];

    public static IReadOnlyList<Fault> For(SoakCluster cluster) =>
    [
        .. Any,
        .. cluster.TellsLeader ? OfQuorums : [],
        .. cluster.TellsLeader && cluster.Login.Count == 0 ? OfAlarms : [],
        .. cluster.Gate is null ? [] : OfGates,
        .. cluster.Password is null ? [] : OfPasswords,
        .. cluster.Files is null ? [] : OfCertificates,
    ];

    private static Task NothingToRepair() => Task.CompletedTask;

    private static Task StartAsync(EtcdMember member)
    {
        member.Start();
        return Task.CompletedTask;
    }

    private static Repair RepairOf(IAsyncDisposable fault) => () => fault.DisposeAsync().AsTask();

    private static async Task<string> IdAsync(EtcdMember member) =>
        await EtcdCluster.MemberIdAsync(member) ?? throw new InvalidOperationException($"{member.Name} does not say its id");

    private static TimeSpan Delay(Random random) => TimeSpan.FromMilliseconds(random.Next(20, 1500));

    private static async Task<Repair> BlipAsync(Target target)
    {
        await target.Member.FreezeAsync();
        await Task.Delay(300);
        await target.Member.ThawAsync();
        return NothingToRepair;
    }

    private static async Task<Repair> EtcdctlAsync(Target target, string[] arguments, string? endpoint = null)
    {
        await target.Cluster.EtcdctlAsync(arguments, endpoint);
        return NothingToRepair;
    }

    private static async Task<Repair> MoveLeaderAsync(Target target)
    {
        var leader = await target.Cluster.Etcd!.LeaderAsync();
        var next = target.Member == leader ? target.Others.First() : target.Member;
        var id = await IdAsync(next);
        var hexadecimal = ulong.Parse(id, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture);
        return await EtcdctlAsync(target, ["move-leader", hexadecimal], leader.Endpoint);
    }

    private static async Task<Repair> CompactAsync(Target target) =>
        await EtcdctlAsync(target, ["compact", (await target.Cluster.Etcd!.RevisionAsync()).ToString(CultureInfo.InvariantCulture)]);

    private static async Task<Repair> KillMajorityAsync(Target target)
    {
        List<EtcdMember> victims = [target.Member, target.Others.First()];
        foreach (var victim in victims)
        {
            await victim.KillAsync();
        }

        return async () =>
        {
            foreach (var victim in victims)
            {
                await StartAsync(victim);
            }
        };
    }

    // etcdctl can disarm alarms and raise none; raised so, no database needs to be filled.
    private static async Task<Repair> AlarmAsync(Target target, string alarm)
    {
        var id = await IdAsync(target.Member);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        using var body = new StringContent($$"""{"action":"ACTIVATE","memberID":"{{id}}","alarm":"{{alarm}}"}""");
        using var answer = await http.PostAsync(new Uri($"http://{target.Member.Endpoint}/v3/maintenance/alarm"), body);
        answer.EnsureSuccessStatusCode();
        return () => target.Cluster.EtcdctlAsync(["alarm", "disarm"]);
    }

    private static async Task<Repair> GateAsync(Target target, GateMode mode)
    {
        await target.Cluster.Gate!.SwitchAsync(mode);
        return () => target.Cluster.Gate.SwitchAsync(GateMode.Forward);
    }

    // Simple tokens live in a member's memory: after its restart a login is due.
    private static async Task<Repair> LosePasswordAsync(Target target)
    {
        File.Delete(target.Cluster.Password!.Path);
        return await RestartedAsync(target, () => target.Cluster.Password.Write("secret\n"));
    }

    private static Task<Repair> SwapPairAsync(Target target) => RestartedAsync(target, target.Cluster.Files!.BeginSwap());

    private static Task<Repair> EmptyCaAsync(Target target)
    {
        target.Cluster.Files!.EmptyCa();
        return RestartedAsync(target, target.Cluster.Files.RestoreCa);
    }

    private static async Task<Repair> RestartedAsync(Target target, Action repair)
    {
        await target.Member.KillAsync();
        target.Member.Start();
        return () =>
        {
            repair();
            return Task.CompletedTask;
        };
    }
}
