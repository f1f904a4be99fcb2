using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.IntegrationTests.Harness;

/// <summary>One release of etcd to test against.</summary>
public sealed record EtcdRelease(string Name, string Etcd, string Etcdctl)
{
    /// <summary>How many releases there must be.</summary>
    public const int Expected = 2;

    /// <summary>3.4 as Debian installs it, and 3.5 as eng/fetch-etcd35.sh unpacks it.</summary>
    public static IReadOnlyList<EtcdRelease> All { get; } = Discover();

    public static EtcdRelease Of(string name) => All.FirstOrDefault(r => r.Name == name)
        ?? throw new InvalidOperationException($"etcd {name} is not here: run ./eng/install-test-tools.sh");

    public override string ToString() => "etcd " + Name;

    private static List<EtcdRelease> Discover()
    {
        var newer = Path.Combine(Repository.Root, "artifacts/etcd-3.5/usr/bin");
        return [.. new[]
        {
            new EtcdRelease("3.4", Tools.Find("etcd") ?? "", Tools.Find("etcdctl") ?? ""),
            new EtcdRelease("3.5", Path.Combine(newer, "etcd"), Path.Combine(newer, "etcdctl")),
        }.Where(r => File.Exists(r.Etcd) && File.Exists(r.Etcdctl))];
    }
}
