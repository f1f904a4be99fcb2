using System.Diagnostics;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Harness;

/// <summary>One release of etcd to test against, named by its first two numbers.</summary>
public sealed partial record EtcdRelease(string Name, string Etcd, string Etcdctl)
{
    /// <summary>A release that gives Status to root only, under auth.</summary>
    public const string StatusForRoot = "3.5-root";

    /// <summary>By this name a test says that it needs kine.</summary>
    public const string Kine = "kine";

    /// <summary>kine, from a folder of ETCD_RELEASES; null where none has it.</summary>
    public static string? KineProgram { get; } = Folders().Select(f => Path.Combine(f, "kine")).FirstOrDefault(File.Exists);

    /// <summary>What every test may count on.</summary>
    public static IReadOnlyList<string> Needed { get; } = ["3.4", "3.5"];

    /// <summary>
    /// 3.4 as Debian installs it, those of 3.5 that eng/fetch-newer.sh unpacks, and every release in the folders that ETCD_RELEASES names
    /// (separated by colons; each holds etcd and etcdctl, or folders that do).
    /// </summary>
    public static IReadOnlyList<EtcdRelease> All { get; } = Discover();

    /// <summary>What a test that names no release runs on: that of ETCD_TEST_RELEASE, or 3.5.</summary>
    public static EtcdRelease UnderTest => Of(NameUnderTest);

    /// <summary>Whether the release under test is older than another, "3.5". Also where it is not at hand.</summary>
    public static bool IsBefore(string other) => Version.Parse(NameUnderTest) < Version.Parse(other);

    internal static string NameUnderTest => Environment.GetEnvironmentVariable("ETCD_TEST_RELEASE") is { Length: > 0 } name ? name : "3.5";

    /// <summary>Restores snapshots: etcdutl where there is one, etcdctl of 3.4.</summary>
    public string RestoreTool => Path.Combine(Path.GetDirectoryName(Etcdctl)!, "etcdutl") is var tool && File.Exists(tool) ? tool : Etcdctl;

    public static EtcdRelease Of(string name) => All.FirstOrDefault(r => r.Name == name)
        ?? throw new InvalidOperationException($"etcd {name} is not here: run ./eng/install-test-tools.sh, or name its folder in ETCD_RELEASES");

    public override string ToString() => "etcd " + Name;

    private static List<EtcdRelease> Discover()
    {
        string Unpacked(string release, string program) => Path.Combine(Repository.Root, "artifacts", "etcd-" + release, "usr/bin", program);
        var named = Folders()
            .Select(folder => (Etcd: Path.Combine(folder, "etcd"), Etcdctl: Path.Combine(folder, "etcdctl")))
            .Where(r => File.Exists(r.Etcd) && File.Exists(r.Etcdctl))
            .Select(r => new EtcdRelease(VersionOf(r.Etcd), r.Etcd, r.Etcdctl));
        return [.. new[]
        {
            new EtcdRelease("3.4", Tools.Find("etcd") ?? "", Tools.Find("etcdctl") ?? ""),
            new EtcdRelease("3.5", Unpacked("3.5", "etcd"), Unpacked("3.5", "etcdctl")),
            new EtcdRelease(StatusForRoot, Unpacked(StatusForRoot, "etcd"), Unpacked(StatusForRoot, "etcdctl")),
        }.Where(r => File.Exists(r.Etcd) && File.Exists(r.Etcdctl)).Concat(named).DistinctBy(r => r.Name)];
    }

    private static IEnumerable<string> Folders() => (Environment.GetEnvironmentVariable("ETCD_RELEASES") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder));

    private static string VersionOf(string etcd)
    {
        using var process = Process.Start(new ProcessStartInfo(etcd, "--version") { RedirectStandardOutput = true })!;
        var told = process.StandardOutput.ReadToEnd();
        return FirstTwoNumbers().Match(told) is { Success: true } match
            ? match.Groups[1].Value
            : throw new InvalidOperationException($"{etcd} --version says no version: {told}");
    }

    [GeneratedRegex(@"etcd Version: (\d+\.\d+)\.")]
    private static partial Regex FirstTwoNumbers();
}
