using System.Text.RegularExpressions;

namespace EtcdProbeExporter.Tests;

/// <summary>Data flows one way: which folder may use which others.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Supervision"] = [],
        ["Files"] = [],
        ["Grpc"] = [],
        ["Fetching"] = ["Grpc"],
        ["Metrics"] = [],
        ["Configuration"] = ["Files"],
        ["Logging"] = ["Configuration"],
        ["Cli"] = ["Configuration", "Files"],
        ["Etcd"] = ["Grpc"],
        ["Credentials"] = ["Configuration", "Files", "Grpc"],
        ["Probing"] = ["Configuration", "Credentials", "Etcd", "Grpc", "Supervision"],
        ["Consensus"] = ["Etcd"],
        ["Monitoring"] = ["Configuration", "Consensus", "Etcd", "Fetching", "Probing", "Supervision"],
        ["Instrumentation"] = ["Configuration", "Consensus", "Etcd", "Grpc", "Metrics", "Monitoring", "Probing", "Supervision"],
        ["Status"] = ["Consensus", "Etcd", "Monitoring", "Probing"],
        ["MemberMetrics"] = ["Configuration", "Credentials", "Fetching", "Monitoring", "Status"],
        ["Web"] = ["MemberMetrics", "Metrics", "Status", "Supervision"],
        ["Hosting"] = ["Cli", "Configuration", "Credentials", "Files", "Instrumentation", "Logging", "MemberMetrics", "Metrics", "Monitoring", "Probing", "Status", "Supervision", "Web"],
    };

    [Fact]
    public void No_folder_uses_one_that_it_must_not()
    {
        var source = Path.Combine(Repository.Root, "src/EtcdProbeExporter");
        var uses = Directory.GetDirectories(source)
            .Select(folder => Path.GetFileName(folder)!)
            .Where(folder => folder is not ("bin" or "obj" or "Properties"))
            .SelectMany(folder => Directory.GetFiles(Path.Combine(source, folder), "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => OwnNamespace().Matches(File.ReadAllText(file)).Select(m => (Folder: folder, Uses: m.Groups[1].Value, File: file))))
            .Where(u => u.Folder != u.Uses)
            .ToList();

        uses.Should().HaveCountGreaterThan(50, "the search must find the usings that there are");
        uses.Select(u => u.Folder).Distinct().Should().BeSubsetOf(MayUse.Keys);
        uses.Where(u => !MayUse[u.Folder].Contains(u.Uses)).Should().BeEmpty();
    }

    /// <summary>The rooms of Probing, from the ground up: each may use those before it, and what all have in common.</summary>
    [Fact]
    public void No_room_of_probing_uses_one_above_it()
    {
        string[] rooms = ["Schedule", "Links", "Operations", "Endpoints", "Cluster"];
        var source = Path.Combine(Repository.Root, "src/EtcdProbeExporter/Probing");
        Directory.GetDirectories(source).Select(Path.GetFileName).Should().BeEquivalentTo(rooms);

        var uses = rooms.SelectMany((room, i) => Directory.GetFiles(Path.Combine(source, room))
            .SelectMany(file => Room().Matches(File.ReadAllText(file)).Select(m => (File: file, Room: i, Uses: Array.IndexOf(rooms, m.Groups[1].Value))))).ToList();

        uses.Should().HaveCountGreaterThan(20, "the search must find the usings that there are");
        uses.Where(u => u.Uses > u.Room).Should().BeEmpty();
        Directory.GetFiles(source).SelectMany(file => Room().Matches(File.ReadAllText(file))).Should().BeEmpty("what all have in common stands on the ground");
    }

    [Fact]
    public void Every_file_that_the_documents_name_is_there()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src/EtcdProbeExporter"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)).ToList();
        var named = new[] { "docs/architecture.md", "docs/mutation.md", "CONTRIBUTING.md" }
            .SelectMany(document => NamedFile().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(m => m.Groups[1].Value)).ToList();

        named.Should().HaveCountGreaterThan(30);
        named.Where(name => !files.Exists(file => file.EndsWith("/" + name, StringComparison.Ordinal))).Should().BeEmpty();
    }

    /// <summary>What the lists in src/EtcdProbeExporter/Banned forbid everywhere else, by the file and for the reason that stands there.</summary>
    [Fact]
    public void Only_these_files_touch_files_process_clock_and_sockets()
    {
        var source = Path.Combine(Repository.Root, "src/EtcdProbeExporter");
        var byPragma = Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => File.ReadAllText(f).Contains("RS0030", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(source, f));
        var byName = AllowedByName().Match(File.ReadAllText(Path.Combine(Repository.Root, ".editorconfig"))).Groups[1].Value.Split(',').Select(f => f + ".cs");

        byName.Should().BeEquivalentTo(
            "Files/RegularFile.cs", "Cli/CliEnvironment.cs", "Cli/StopSignals.cs", "Grpc/BlockingLookups.cs", "Hosting/HomeDirectory.cs", "Metrics/ProcessMetrics.cs", "Probing/Schedule/SlotTimer.cs");
        byPragma.Should().BeEquivalentTo(
            "Grpc/Dialer.cs", "Grpc/GrpcConnection.cs", "Fetching/MemberFetch.cs", "Hosting/HealthCheckCall.cs", "Hosting/ExporterHost.cs");
    }

    [GeneratedRegex(@"^using EtcdProbeExporter\.Probing\.([A-Z][A-Za-z]+);$", RegexOptions.Multiline)]
    private static partial Regex Room();

    [GeneratedRegex(@"`([A-Za-z./]+\.cs)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex(@"^\[src/EtcdProbeExporter/\{(.*)\}\.cs\]\ndotnet_diagnostic\.RS0030\.severity = none$", RegexOptions.Multiline)]
    private static partial Regex AllowedByName();

    [GeneratedRegex(@"\bEtcdProbeExporter\.([A-Z][A-Za-z]+)\b(?<!namespace EtcdProbeExporter\.\1)")]
    private static partial Regex OwnNamespace();
}
