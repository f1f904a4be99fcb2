using System.Globalization;
using System.Text.Json;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Members that come, go, lead, change their release, or begin anew.</summary>
internal static class MembershipFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("leader moved", 3, MoveLeaderAsync) { LeastMembers = 3, Momentary = true, Alerts = Alerts.None },
        Changing("learner added and promoted", 3, AddAsync),
        Changing("member removed", 2, RemoveAsync) with { LeastMembers = 3 },
        Changing("member replaced with an empty disk", 3, ReplaceAsync) with { LeastMembers = 3 },
        new("restored from a snapshot", 3, RestoreAsync) { Alone = true, Securities = [Security.Plain], Momentary = true },
        Upgrade("rolling upgrade 3.4 to 3.5", "3.4", "3.5"),
        Upgrade("rolling upgrade 3.5 to 3.6 to 3.7", "3.5", "3.6", "3.7"),
    ];

    private static Fault Changing(string name, int weight, Func<Scene, Task<Repair>> begin) =>
        new(name, weight, begin) { Alone = true, Discovers = true, Securities = [Security.Plain] };

    // 3.7 cannot read what a 3.5 log holds: a snapshot must have been taken since.
    private static Fault Upgrade(string name, params string[] releases) => new(name, 1, s => UpgradeAsync(s, releases[1..]))
    {
        Alone = true,
        Momentary = true,
        Long = true,
        Release = releases[0],
        Releases = releases,
        Arguments = ["--snapshot-count=20"],
        LeastMembers = 3,
    };

    private static async Task<Repair> MoveLeaderAsync(Scene scene)
    {
        var statuses = scene.Client.Statuses;
        var leader = scene.Cluster.Members.FirstOrDefault(m => scene.EndpointOf(m) == scene.Client.LeaderEndpoint())
            ?? throw new InvalidOperationException("nobody leads");
        var next = scene.Cluster.Members.Where(m => m != leader && statuses.ContainsKey(scene.EndpointOf(m))).ToList();
        var to = next[scene.Random.Next(next.Count)];
        var finish = await scene.Ledger.HoldAsync( // for some milliseconds nobody leads, which only one of two who look may see
            [.. scene.Cluster.Members.Select(m => scene.On(m, [.. States.Healthy, .. States.NoLeader]) with { Demanded = false })],
            () => Task.CompletedTask,
            () => scene.Cluster.EtcdctlAsync(["move-leader", Hexadecimal(statuses[scene.EndpointOf(to)].MemberId)], leader));
        await finish();
        scene.Ledger.Note($"{to.Name} leads after {leader.Name}");
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> AddAsync(Scene scene)
    {
        var cluster = scene.Cluster;
        var (name, site) = (cluster.NextName(), await cluster.NewSiteAsync());
        var peer = $"http://{site.PeerHost}:{site.PeerPort}";
        using var added = JsonDocument.Parse(await cluster.EventuallyAsync(["member", "add", name, "--learner", "--peer-urls", peer, "-w", "json"]));
        var id = Hexadecimal(added.RootElement.GetProperty("member").GetProperty("ID").GetUInt64());
        var member = cluster.Join(name, site, cluster.Members[0].Release);
        member.Start();
        scene.Client.Add(member.Endpoint, member.Endpoint);
        await Condition.EventuallyAsync(() => Task.FromResult(scene.Client.Statuses.ContainsKey(member.Endpoint)), TimeSpan.FromSeconds(30), "the learner answers");
        scene.Ledger.Lives[member.Endpoint] = (scene.Clock.Now, TimeSpan.MaxValue);
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Learner),
            () => Task.CompletedTask,
            async () =>
            {
                await cluster.EtcdctlAsync(["member", "promote", id]); // refused until it has caught up
                scene.Ledger.SetVoters(cluster.Members.Count);
            });
    }

    // etcd ends a removed member within three seconds.
    private static async Task<Repair> RemoveAsync(Scene scene)
    {
        var member = scene.Take();
        var injury = scene.On(member, States.Dead) with { IsNoMember = true, Answers = false };
        await scene.HoldAsync(
            member,
            injury,
            async () =>
            {
                await RemoveAsync(scene, member);
                await Condition.EventuallyAsync(() => Task.FromResult(!member.Runs), TimeSpan.FromSeconds(20), "the removed member ends");
                scene.Cluster.Forget(member);
            },
            () => Task.CompletedTask);
        return () => scene.Client.RemoveAsync(scene.EndpointOf(member)); // it stays as it is
    }

    private static async Task<Repair> ReplaceAsync(Scene scene)
    {
        var (cluster, member) = (scene.Cluster, scene.Take());
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Dead) with { Strict = true, IsNoMember = true, Answers = false },
            async () =>
            {
                await member.KillAsync();
                await RemoveAsync(scene, member);
                cluster.Forget(member);
                Directory.Delete(cluster.DataOf(member), recursive: true);
            },
            async () =>
            {
                await cluster.EventuallyAsync(["member", "add", member.Name, "--peer-urls", $"http://{cluster.SiteOf(member).PeerHost}:{member.PeerPort}"]);
                scene.Ledger.SetVoters(cluster.Members.Count + 1);
                cluster.Join(member.Name, cluster.SiteOf(member), member.Release).Start();
            });
    }

    private static async Task RemoveAsync(Scene scene, EtcdMember member)
    {
        using var list = JsonDocument.Parse(await scene.Cluster.EtcdctlAsync(["member", "list", "-w", "json"], scene.Helper(member)));
        var id = list.RootElement.GetProperty("members").EnumerateArray().First(m => m.GetProperty("name").GetString() == member.Name).GetProperty("ID").GetUInt64();
        await scene.Cluster.EventuallyAsync(["member", "remove", Hexadecimal(id)], scene.Helper(member));
        scene.Ledger.SetVoters(scene.Cluster.Members.Count - 1);
    }

    private static async Task<Repair> RestoreAsync(Scene scene)
    {
        var cluster = scene.Cluster;
        var snapshot = Path.Combine(cluster.DataFolder, "snapshot.db");
        await cluster.EtcdctlAsync(["snapshot", "save", snapshot], cluster.Members[0]);
        await Task.Delay(TimeSpan.FromSeconds(3)); // writes go on behind the snapshot
        var bump = cluster.Members.All(m => m.Release.Name != "3.4") && scene.Random.Next(2) == 0;
        scene.Ledger.Note(bump ? "revisions are bumped" : "revisions go back");
        var finish = await scene.Ledger.HoldAsync(
            [.. cluster.Members.Select(m => scene.On(m, States.Dead) with { Demanded = false, Part = Part.Either })],
            () => Task.WhenAll(cluster.Members.Select(m => m.KillAsync())),
            async () =>
            {
                foreach (var member in cluster.Members)
                {
                    Directory.Delete(cluster.DataOf(member), recursive: true);
                    await RunningProcess.RunAsync(
                        member.Release.RestoreTool,
                        [
                            "snapshot", "restore", snapshot, "--name", member.Name, "--data-dir", cluster.DataOf(member), "--initial-cluster", cluster.InitialCluster,
                            "--initial-cluster-token", Path.GetFileName(cluster.DataFolder), "--initial-advertise-peer-urls", cluster.PeerUrl(member),
                            .. bump ? (string[])["--bump-revision", "1000000000", "--mark-compacted"] : [],
                        ],
                        new Dictionary<string, string> { ["ETCDCTL_API"] = "3" });
                }

                foreach (var member in cluster.Members)
                {
                    member.Start();
                }
            });
        await finish();
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> UpgradeAsync(Scene scene, IReadOnlyList<string> releases)
    {
        foreach (var release in releases)
        {
            foreach (var member in scene.Cluster.Members)
            {
                scene.Ledger.Note($"{member.Name} becomes {release}");
                var repair = await scene.HoldAsync(
                    member,
                    scene.On(member, [.. States.Dead, .. States.NoLeader]) with { Demanded = false, Part = Part.Either },
                    member.StopAsync,
                    () =>
                    {
                        member.Release = EtcdRelease.Of(release);
                        return ProcessFaults.StartAsync(member);
                    });
                await repair();
                await Condition.EventuallyAsync(
                    () => Task.FromResult(scene.Client.IsCalmFor(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1))), TimeSpan.FromSeconds(60), $"{member.Name} serves as {release}");
            }

            await Task.Delay(TimeSpan.FromSeconds(20)); // for the version of the cluster to rise and a snapshot to be taken
        }

        return () => Task.CompletedTask;
    }

    private static string Hexadecimal(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);
}
