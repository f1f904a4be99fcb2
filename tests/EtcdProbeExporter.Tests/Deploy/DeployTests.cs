using System.Text.RegularExpressions;
using EtcdProbeExporter.Tests.Configuration;
using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Tests.Deploy;

/// <summary>What ships beside the program names files, flags and paths of it: they must exist.</summary>
public sealed class DeployTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public void The_Dockerfile_copies_what_is_there_and_starts_what_is_built()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));
        var copied = Regex.Matches(dockerfile, @"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline).SelectMany(m => m.Groups[1].Value.Split(' ')).ToList();

        copied.Should().NotBeEmpty().And.OnlyContain(f => File.Exists(Path.Combine(Repository.Root, f)) || Directory.Exists(Path.Combine(Repository.Root, f)));
        dockerfile.Should().Contain("ENTRYPOINT [\"dotnet\", \"etcd-probe-exporter.dll\"]").And.Contain("CMD [\"dotnet\", \"etcd-probe-exporter.dll\", \"healthcheck\"]");
        dockerfile.Should().Contain("USER $APP_UID");
        dockerfile.IndexOf("dotnet restore", StringComparison.Ordinal).Should().BeLessThan(dockerfile.IndexOf("COPY src src", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_manifest_is_yaml()
    {
        var files = Directory.GetFiles(Folder, "*.y*ml", SearchOption.AllDirectories);

        files.Should().HaveCountGreaterThan(5);
        files.Should().AllSatisfy(f => Load(f).Documents.Should().NotBeEmpty(f));
    }

    [Fact]
    public void The_configuration_in_the_Deployment_loads()
    {
        var map = Load(Path.Combine(Folder, "kubernetes/deployment.yaml")).Documents[0].RootNode["data"]["clusters.yml"].ToString();

        var result = Loading.Load(yaml: map, files: new() { ["/tls/ca.crt"] = Pem, ["/tls/tls.crt"] = Pem, ["/tls/tls.key"] = Pem });

        result.Only().Endpoints.Should().HaveCount(3).And.OnlyContain(e => e.IsTls);
    }

    [Fact]
    public void Compose_mounts_files_that_exist()
    {
        var folder = Path.Combine(Folder, "compose");
        var mounts = Regex.Matches(File.ReadAllText(Path.Combine(folder, "compose.yaml")), @"(\.\./[\w./-]+):/").Select(m => Path.GetFullPath(m.Groups[1].Value, folder)).ToList();

        mounts.Should().HaveCount(5).And.OnlyContain(m => File.Exists(m) || Directory.Exists(m));
    }

    [Fact]
    public void Readme_names_files_that_exist()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var links = Regex.Matches(readme, @"\]\((?!http)([^)#]+)\)").Select(m => m.Groups[1].Value).ToList();

        links.Should().NotBeEmpty().And.OnlyContain(l => File.Exists(Path.Combine(Repository.Root, l)));
        RuleNames().Should().OnlyContain(a => readme.Contains(a, StringComparison.Ordinal));
    }

    private const string Pem = "-----BEGIN TEST-----";

    private static IEnumerable<string> RuleNames() => Rules.RuleFiles.Alerts.Select(a => a.Alert).Distinct();

    private static YamlStream Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(file);
        yaml.Load(reader);
        return yaml;
    }
}
