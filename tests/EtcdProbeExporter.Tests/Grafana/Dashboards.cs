using System.Text.Json;

namespace EtcdProbeExporter.Tests.Grafana;

/// <summary>The shipped dashboards as they stand in the files.</summary>
internal static class Dashboards
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "grafana", "dashboards");

    public static IReadOnlyList<Dashboard> All { get; } =
        [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(f => new Dashboard(Path.GetFileName(f), JsonDocument.Parse(File.ReadAllText(f)).RootElement))];

    internal sealed record Dashboard(string File, JsonElement Json)
    {
        public IEnumerable<JsonElement> Panels => Json.GetProperty("panels").EnumerateArray().Where(p => p.GetProperty("type").GetString() != "row");

        public IEnumerable<JsonElement> Variables => Json.GetProperty("templating").GetProperty("list").EnumerateArray();

        public JsonElement Variable(string name) => Variables.Single(v => v.GetProperty("name").GetString() == name);

        /// <summary>Every expression with the title of its panel.</summary>
        public IEnumerable<(string Panel, string Type, string Expression)> Queries => Panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()
            .Select(t => (p.GetProperty("title").GetString()!, p.GetProperty("type").GetString()!, t.GetProperty("expr").GetString()!)));

        public IEnumerable<string> AnnotationQueries =>
            Json.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(a => a.GetProperty("expr").GetString()!);
    }
}
