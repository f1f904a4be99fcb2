using System.Text;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

public sealed class CorruptionTests
{
    [EtcdFact]
    public async Task A_value_that_differs_on_one_member_is_found_by_comparing_hashes()
    {
        const string Good = "a-value-that-is-nowhere-else-1";
        const string Bad = "a-value-that-is-nowhere-else-2";
        await using var etcd = await EtcdCluster.StartAsync();
        await etcd.EtcdctlAsync(["put", "victim", Good]);
        var corrupted = await etcd.FollowerAsync();
        await corrupted.StopAsync();
        Replace(Path.Combine(etcd.DataFolder, corrupted.Name, "member/snap/db"), Good, Bad);
        corrupted.Start();
        await Condition.EventuallyAsync(async () => await EtcdCluster.AnswersStatusAsync(corrupted) is not null, TimeSpan.FromSeconds(20), "it is back");
        await using var file = new ConfigurationFile(
            $"clusters: [{{ endpoints: [{string.Join(", ", etcd.Members.Select(m => m.Endpoint))}], probe: {{ interval: 1s, timeout: 3s, hash_check_interval: 1m }} }}]");
        await using var exporter = await ExporterProcess.StartAsync(["--config.file", file.Path]);

        var scrape = await exporter.EventuallyAsync(
            s => s.Text.Value("etcd_probe_consistency_violations_total", ("kind", "hash_mismatch")) >= 1, "the hashes differ", 150);

        scrape.Text.Samples("etcd_probe_consistency_violations_total").Where(s => s.Labels["kind"] != "hash_mismatch").Should().OnlyContain(s => s.Value == 0);
        etcd.Members.Should().OnlyContain(m => scrape.State(m) == "healthy", "etcd itself has noticed nothing");
        exporter.Log.Should().Contain("broke a promise of consistency, hash_mismatch").And.Contain(corrupted.Endpoint);
    }

    private static void Replace(string file, string from, string to)
    {
        var bytes = File.ReadAllBytes(file);
        var (old, @new) = (Encoding.ASCII.GetBytes(from), Encoding.ASCII.GetBytes(to));
        var found = 0;
        for (var at = bytes.AsSpan().IndexOf(old); at >= 0; at = bytes.AsSpan().IndexOf(old))
        {
            @new.CopyTo(bytes, at);
            found++;
        }

        found.Should().BeGreaterThan(0);
        File.WriteAllBytes(file, bytes);
    }
}
