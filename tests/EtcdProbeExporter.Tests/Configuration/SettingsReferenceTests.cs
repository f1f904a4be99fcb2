using System.Text;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>What README says of the settings; run with UPDATE_REFERENCE=1 to write its table anew.</summary>
public sealed class SettingsReferenceTests
{
    private const string Begin = "<!-- made from the table of settings: UPDATE_REFERENCE=1 dotnet test --filter SettingsReference -->\n";
    private const string End = "<!-- end of the table of settings -->\n";

    private static readonly string Readme = Path.Combine(Repository.Root, "README.md");

    [Fact]
    public void The_reference_says_what_the_table_says()
    {
        var text = File.ReadAllText(Readme);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        start.Should().BeInRange(Begin.Length, end);
        if (Environment.GetEnvironmentVariable("UPDATE_REFERENCE") == "1")
        {
            File.WriteAllText(Readme, text = text[..start] + Reference() + text[end..]);
            end = text.IndexOf(End, StringComparison.Ordinal);
        }

        text[start..end].Should().Be(Reference(), "UPDATE_REFERENCE=1 writes it anew");
    }

    [Fact]
    public void The_example_is_accepted_and_has_every_key()
    {
        var text = File.ReadAllText(Readme);
        var example = text[text.IndexOf("# clusters.yml", StringComparison.Ordinal)..];
        example = example[..example.IndexOf("```", StringComparison.Ordinal)];

        var cluster = Loading.Load(yaml: example, files: Files()).Only();

        // A password stands in its file here.
        Settings.OfCluster.Where(setting => setting != AuthSettings.Password && !setting.Lines(cluster).Any()).Should().BeEmpty();
        Settings.OfCluster.Where(setting => !example.Contains($"{setting.Key}: ")).Should().BeEquivalentTo([AuthSettings.Password]);
        cluster.Probe.Should().Be(new ProbeConfiguration());
        (cluster.Name, cluster.Discover, cluster.Tls.InsecureSkipVerify).Should().Be((ClusterSettings.Name.Default, ClusterSettings.Discover.Default, false));
    }

    private static Dictionary<string, string> Files() => new[] { "/conf/ca.crt", "/conf/client.crt", "/conf/client.key", "/run/secrets/etcd" }
        .ToDictionary(path => path, _ => "-----BEGIN TEST-----");

    private static string Reference()
    {
        var text = new StringBuilder("\n| in the file, per cluster | flag | variable | default and limits | what it is |\n|---|---|---|---|---|\n");
        foreach (var setting in Settings.All)
        {
            var path = setting is Setting<ExporterConfiguration> && setting.Path is not null ? $"{setting.Path} (not per cluster)" : setting.Path;
            var preset = setting.DefaultInWords ?? (setting.DefaultText is { } value ? Code(value) : null);
            string[] columns =
            [
                Code(path),
                string.Join(", ", setting.Synonyms.Prepend(setting.Flag).OfType<string>().Select(Code).Append(setting.FlagOfCheck is { } flag ? $"{Code(flag)} (`check`)" : null).OfType<string>())
                    + (setting.IsOfCheck ? " (`check`)" : ""),
                Code(setting.Variable),
                string.Join("; ", new[] { preset, setting.LimitText }.OfType<string>()),
                setting.Help,
            ];
            text.Append("| ").AppendJoin(" | ", columns).Append(" |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Code(string? text) => text is null ? "" : $"`{text}`";
}
