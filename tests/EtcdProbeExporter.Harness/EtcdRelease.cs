using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Harness;

/// <summary>One release of etcd to test against.</summary>
public sealed record EtcdRelease(string Name, string Etcd, string Etcdctl)
{
    /// <summary>A release that gives Status to root only, under auth.</summary>
    public const string StatusForRoot = "3.5-root";

    /// <summary>What every test may count on.</summary>
    public static IReadOnlyList<string> Needed { get; } = ["3.4", "3.5"];

    /// <summary>Colon-separated folders, each named as the release whose etcd and etcdctl it holds: further releases to test against.</summary>
    private const string Further = "ETCD_RELEASES";

    /// <summary>3.4 as Debian installs it, those of 3.5 that eng/fetch-newer.sh unpacks, and those that the environment names.</summary>
    public static IReadOnlyList<EtcdRelease> All { get; } = Discover();

    public static EtcdRelease Of(string name) => All.FirstOrDefault(r => r.Name == name)
        ?? throw new InvalidOperationException($"etcd {name} is not here: run ./eng/install-test-tools.sh");

    public override string ToString() => "etcd " + Name;

    private static List<EtcdRelease> Discover()
    {
        string Unpacked(string release, string program) => Path.Combine(Repository.Root, "artifacts", "etcd-" + release, "usr/bin", program);
        return [.. new[]
        {
            new EtcdRelease("3.4", Tools.Find("etcd") ?? "", Tools.Find("etcdctl") ?? ""),
            new EtcdRelease("3.5", Unpacked("3.5", "etcd"), Unpacked("3.5", "etcdctl")),
            new EtcdRelease(StatusForRoot, Unpacked(StatusForRoot, "etcd"), Unpacked(StatusForRoot, "etcdctl")),
        }.Concat((Environment.GetEnvironmentVariable(Further) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(f => new EtcdRelease(Path.GetFileName(f), Path.Combine(f, "etcd"), Path.Combine(f, "etcdctl")))).Where(r => File.Exists(r.Etcd) && File.Exists(r.Etcdctl))];
    }
}
