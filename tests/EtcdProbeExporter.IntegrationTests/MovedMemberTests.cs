using System.Diagnostics;
using System.Globalization;
using System.Net;
using EtcdProbeExporter.Harness;
using Xunit.Abstractions;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A member that is probed by name gets another address, as one does whose machine is replaced.</summary>
public sealed class MovedMemberTests(ITestOutputHelper output)
{
    [EtcdFact("unshare")]
    public async Task A_member_whose_old_address_stays_silent_is_healthy_soon_after_it_answers_at_the_new_one()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        var (port, target) = (Ports.Next(), int.Parse(etcd.Members[0].Endpoint.Split(':')[1], CultureInfo.InvariantCulture));
        await using var old = new Gate(GateMode.Forward, target, new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        var hosts = Path.Combine(etcd.DataFolder, "hosts");
        await File.WriteAllTextAsync(hosts, "127.0.0.2 moving.test\n");
        var moving = $"moving.test:{port}";
        await using var exporter = await ExporterProcess.StartAsync(
            ["--endpoints", $"{moving},{etcd.Members[1].Endpoint},{etcd.Members[2].Endpoint}", "--probe.interval", "1s", "--probe.timeout", "3s"], hosts: hosts);
        await exporter.EventuallyAsync(s => s.State(moving) == "healthy", "it is healthy at its old address", 40);

        await old.SwitchAsync(GateMode.Silent);
        await exporter.EventuallyAsync(s => s.State(moving) == "unresponsive", "it is silent", 40);
        await using var now = new Gate(GateMode.Forward, target, new IPEndPoint(IPAddress.Parse("127.0.0.3"), port));
        await File.WriteAllTextAsync(hosts, "127.0.0.3 moving.test\n");
        var since = Stopwatch.StartNew();

        var bound = TimeSpan.FromSeconds((2 * 3) + (2 * 1));
        await exporter.EventuallyAsync(s => s.State(moving) == "healthy", "it is healthy at its new address", (int)bound.TotalSeconds + 1);
        output.WriteLine($"healthy after {since.Elapsed.TotalSeconds:0.0} s, promised within {bound.TotalSeconds:0} s");
    }
}
