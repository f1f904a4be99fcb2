using System.Globalization;

namespace EtcdProbeExporter.Harness;

/// <summary>Puts a whole cluster back to a snapshot, in place: same addresses, names and token, as disaster recovery does it.</summary>
internal static class Restore
{
    /// <summary>Saves what one member has.</summary>
    public static async Task<string> SnapshotAsync(EtcdCluster etcd)
    {
        var file = Path.Combine(etcd.DataFolder, $"snapshot-{Guid.NewGuid():N}.db");
        await etcd.EtcdctlAsync(["snapshot", "save", file], etcd.Members[0].Endpoint);
        return file;
    }

    /// <summary>Stops all members, restores each from the snapshot, one after the other, and starts them, with a pause between them or none.</summary>
    /// <param name="etcd">The cluster.</param>
    /// <param name="snapshot">See <see cref="SnapshotAsync"/>.</param>
    /// <param name="bump">By how many revisions, as advised for Kubernetes; 0: not at all. Needs etcd 3.5.</param>
    /// <param name="between">Awaited after each start but the last.</param>
    public static async Task RestoreAsync(EtcdCluster etcd, string snapshot, long bump = 0, Func<Task>? between = null)
    {
        await Task.WhenAll(etcd.Members.Select(m => m.KillAsync()));
        foreach (var member in etcd.Members)
        {
            Directory.Delete(Path.Combine(etcd.DataFolder, member.Name), recursive: true);
            var peers = string.Join(',', etcd.Members.Select(m => $"{m.Name}=http://127.0.0.1:{m.PeerPort}"));
            string[] bumping = bump == 0 ? [] : ["--bump-revision", bump.ToString(CultureInfo.InvariantCulture), "--mark-compacted"];
            await RunningProcess.RunAsync(
                etcd.Release.RestoreTool,
                [
                    "snapshot", "restore", snapshot, "--name", member.Name, "--data-dir", Path.Combine(etcd.DataFolder, member.Name),
                    "--initial-cluster", peers, "--initial-cluster-token", Path.GetFileName(etcd.DataFolder),
                    "--initial-advertise-peer-urls", $"http://127.0.0.1:{member.PeerPort}", .. bumping,
                ],
                new Dictionary<string, string> { ["ETCDCTL_API"] = "3" });
        }

        foreach (var member in etcd.Members)
        {
            member.Start();
            if (between is not null && member != etcd.Members[^1])
            {
                await between();
            }
        }

        await etcd.LeaderAsync();
    }
}
