using System.Globalization;
using System.Text;
using EtcdProbeExporter.Campaign.Client;
using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>What clients and operators do to the data: too much of it, all of it at once, wrong bytes.</summary>
internal static class DataFaults
{
    private static readonly string[] Large = ["--max-txn-ops=10000", "--max-request-bytes=10485760"];

    private static readonly string[] AlarmPages = ["EtcdClusterWritesFailing", "EtcdWriteErrorBudgetBurn", "EtcdEndpointWriteStalled"];

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(200);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("no space", 4, FillAsync)
        {
            Arguments = ["--quota-backend-bytes=8388608"],
            Alone = true,
            Alerts = new Alerts(["EtcdAlarmNoSpace"], AlarmPages, []),
        },
        new("alarm CORRUPT", 1, AlarmAsync) { Alone = true, Securities = [Security.Plain], Alerts = new Alerts(["EtcdAlarmCorrupt"], AlarmPages, []) },
        new("corrupted key", 2, CorruptAsync)
        {
            LeastMembers = 3,
            Alone = true,
            Securities = [Security.Plain],
            Momentary = true,
            Probe = "hash_check_interval: 1m",
            Long = true,
        },
        new("compaction", 2, CompactAsync) { Momentary = true, Alerts = Alerts.None },
        new("defragmentation", 2, DefragAsync) { Momentary = true, Alerts = Alerts.None },
        new("long defragmentation", 3, DefragLongAsync) { Tools = ["strace"], Securities = [Security.Plain], Alerts = Alerts.None },
        new("defragmentation of a large database", 2, DefragAsync)
        {
            Momentary = true,
            Heavy = true,
            Arguments = Large,
            PrepareAsync = s => KeysAsync(s, 400_000),
            Securities = [Security.Plain],
        },
        new("a million keys deleted", 2, DeleteAsync)
        {
            Momentary = true,
            Heavy = true,
            Alone = true,
            Arguments = Large,
            PrepareAsync = s => KeysAsync(s, 1_000_000),
            Securities = [Security.Plain],
        },
        new("many clients", 2, LoadAsync) { Heavy = true },
    ];

    private static async Task<Repair> FillAsync(Scene scene)
    {
        using var gateway = Gateway(scene, scene.Cluster.Members[0]);
        var value = Convert.ToBase64String(new byte[60_000]);
        var finish = await scene.Ledger.HoldAsync(
            [.. scene.Cluster.Members.Select(m => scene.On(m, States.Full))],
            async () =>
            {
                await Condition.EventuallyAsync(
                    async () =>
                    {
                        try
                        {
                            await PostAsync(gateway, "/v3/kv/put", new { key = JsonGateway.Base64($"/fill/{scene.Random.Next()}"), value });
                            return false;
                        }
                        catch (EtcdRefusalException e) when (e.Message.Contains("space exceeded", StringComparison.Ordinal))
                        {
                            return true;
                        }
                    },
                    TimeSpan.FromSeconds(90),
                    "the quota is full");
                await Condition.EventuallyAsync(
                    () => Task.FromResult(scene.Client.Statuses is { } all && all.Count == scene.Cluster.Members.Count && all.Values.All(s => s.Errors.Contains("NOSPACE", StringComparison.Ordinal))),
                    TimeSpan.FromSeconds(20),
                    "every member tells of the alarm");
            },
            async () =>
            {
                await scene.Cluster.EtcdctlAsync(["del", "--prefix", "/fill/"]);
                await CompactNowAsync(scene);
                foreach (var member in scene.Cluster.Members)
                {
                    await scene.Cluster.EtcdctlAsync(["defrag"], member);
                }

                await scene.Cluster.EtcdctlAsync(["alarm", "disarm"]);
            });
        return () => finish();
    }

    private static async Task<Repair> AlarmAsync(Scene scene)
    {
        using var gateway = Gateway(scene, scene.Cluster.Members[0]);
        var (_, status) = scene.Client.Statuses.First();
        var finish = await scene.Ledger.HoldAsync(
            [.. scene.Cluster.Members.Select(m => scene.On(m, States.Corrupt))],
            () => PostAsync(gateway, "/v3/maintenance/alarm", new { action = "ACTIVATE", memberID = status.MemberId.ToString(CultureInfo.InvariantCulture), alarm = "CORRUPT" }),
            () => scene.Cluster.EtcdctlAsync(["alarm", "disarm"]));
        return () => finish();
    }

    // As etcd-under-faults §5: data pages have no checksum, and the log is left alone.
    private static async Task<Repair> CorruptAsync(Scene scene)
    {
        var member = scene.Take();
        scene.Ledger.Allow("hash_mismatch");
        scene.Ledger.Expect("hash_mismatch");
        var value = $"value-{scene.Random.Next()}-to-be-corrupted";
        await scene.Cluster.EtcdctlAsync(["put", "/corrupt", value]);
        await CompactNowAsync(scene);
        await Task.Delay(TimeSpan.FromSeconds(1)); // the backend commits ten times a second
        var repair = await scene.HoldAsync(
            member,
            scene.On(member, [.. States.Dead, .. States.NoLeader]) with { Demanded = false, Part = Part.Either },
            member.StopAsync,
            () =>
            {
                Replace(Path.Combine(scene.Cluster.DataOf(member), "member/snap/db"), value, value.Replace("value-", "eulav-", StringComparison.Ordinal));
                return ProcessFaults.StartAsync(member);
            });
        await repair();
        await Condition.EventuallyAsync( // hashes are compared once a minute
            () => Task.FromResult(scene.Exporter.Newest?.Violations.ContainsKey("hash_mismatch") == true || scene.Clock.Now > Late), TimeSpan.FromMinutes(5), "the hashes were compared");
        return () => Task.CompletedTask;
    }

    private static void Replace(string file, string from, string to)
    {
        var bytes = File.ReadAllBytes(file);
        var (old, next, found) = (Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(to), 0);
        for (var at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old))
        {
            next.CopyTo(bytes, at);
            found++;
        }

        if (found == 0)
        {
            throw new InvalidOperationException($"{from} is not in {file}");
        }

        File.WriteAllBytes(file, bytes);
    }

    private static async Task<Repair> CompactAsync(Scene scene)
    {
        await CompactNowAsync(scene);
        return () => Task.CompletedTask;
    }

    private static async Task CompactNowAsync(Scene scene)
    {
        var json = await scene.Cluster.EtcdctlAsync(["get", "/none", "-w", "json"]);
        using var answer = System.Text.Json.JsonDocument.Parse(json);
        var revision = answer.RootElement.GetProperty("header").GetProperty("revision").GetInt64();
        await scene.Cluster.EtcdctlAsync(["compact", revision.ToString(CultureInfo.InvariantCulture)]);
    }

    private static async Task<Repair> DefragAsync(Scene scene)
    {
        var member = scene.Take();
        await scene.Cluster.EtcdctlAsync(["--command-timeout=60s", "defrag"], member);
        scene.LetGo(member);
        return () => Task.CompletedTask;
    }

    // A defragmentation ends with a rename, and holds the database until that is done: a hanging rename stands for gigabytes.
    private static async Task<Repair> DefragLongAsync(Scene scene)
    {
        var member = scene.Take();
        IAsyncDisposable? trace = null;
        var order = Task.CompletedTask;
        return await scene.HoldAsync(
            member,
            scene.On(member, States.Defragments) with { Part = Part.Either },
            async () =>
            {
                trace = await member.DelayRenamesAsync(TimeSpan.FromSeconds(120));
                order = scene.Cluster.EtcdctlAsync(["--command-timeout=110s", "defrag"], member);
            },
            async () =>
            {
                await trace!.DisposeAsync();
                await order;
            });
    }

    private static async Task<Repair> DeleteAsync(Scene scene)
    {
        try
        {
            await scene.Cluster.EtcdctlAsync(["--command-timeout=60s", "del", "--prefix", "/keys/"]);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("timed out", StringComparison.Ordinal))
        {
            // etcd waits seven seconds for what takes longer, and does it all the same
        }

        return () => Task.CompletedTask;
    }

    private static async Task KeysAsync(Scene scene, int count)
    {
        const int PerRequest = 5_000;
        using var gateway = Gateway(scene, scene.Cluster.Members[0]);
        for (var first = 0; first < count; first += PerRequest)
        {
            var puts = Enumerable.Range(first, PerRequest)
                .Select(i => new { requestPut = new { key = JsonGateway.Base64($"/keys/{i}"), value = "dmFsdWU=" } });
            await PostAsync(gateway, "/v3/kv/txn", new { success = puts });
        }
    }

    // Own connections, as many as clients: what the independent client meets beside them is what the exporter meets.
    private static Task<Repair> LoadAsync(Scene scene)
    {
        var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 30 + scene.Random.Next(120)).Select(i => Task.Run(async () =>
        {
            var member = scene.Cluster.Members[i % scene.Cluster.Members.Count];
            using var gateway = Gateway(scene, member);
            var value = Convert.ToBase64String(new byte[256]);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await gateway.PostAsync("/v3/kv/put", new { key = JsonGateway.Base64($"/load/{i}"), value }, stop.Token);
                }
                catch (Exception e) when (e is EtcdRefusalException or HttpRequestException or OperationCanceledException)
                {
                    await Task.Delay(50); // overloaded, or over
                }
            }
        })).ToList();
        scene.Ledger.Note($"{clients.Count} clients");
        return Task.FromResult<Repair>(async () =>
        {
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        });
    }

    private static JsonGateway Gateway(Scene scene, EtcdMember member) => new(scene.Cluster.Url(member), scene.Cluster.Identity);

    private static async Task PostAsync(JsonGateway gateway, string path, object request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await gateway.PostAsync(path, request, deadline.Token);
    }
}
