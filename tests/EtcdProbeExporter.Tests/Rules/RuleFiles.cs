using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Tests.Rules;

/// <summary>The shipped rules as they stand in the files.</summary>
internal static class RuleFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "rules");

    public static IReadOnlyList<Rule> Alerts { get; } = [.. All().Where(r => r.Alert.Length > 0)];

    public static IEnumerable<Rule> All() => Directory.GetFiles(Folder, "*.rules.yml").Order(StringComparer.Ordinal).SelectMany(Read);

    private static IEnumerable<Rule> Read(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(file);
        yaml.Load(reader);
        var groups = (YamlSequenceNode)yaml.Documents[0].RootNode["groups"];
        foreach (var rule in groups.SelectMany(g => (YamlSequenceNode)g["rules"]).Cast<YamlMappingNode>())
        {
            yield return new Rule(Path.GetFileName(file), Text(rule, "alert"), Text(rule, "expr"), Map(rule, "labels"), Map(rule, "annotations"));
        }
    }

    private static string Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value.ToString() : "";

    private static Dictionary<string, string> Map(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value)
        ? ((YamlMappingNode)value).Children.ToDictionary(c => c.Key.ToString(), c => c.Value.ToString(), StringComparer.Ordinal)
        : [];

    internal sealed record Rule(
        string File, string Alert, string Expression, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);
}
