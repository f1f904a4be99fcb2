using System.Text.Json;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>
/// Texts for the walks over all settings: two good ones (null: none is), one that is refused (null: none is), and one that only the file
/// refuses.
/// </summary>
internal sealed record SettingSamples(string? Good, string? Other, string? Bad, string? BadInFile = null)
{
    // A file in which every row can be changed alone.
    private static readonly Dictionary<string, string> Background = new()
    {
        ["endpoints"] = "https://background:1",
        ["tls.ca_file"] = "/pki/background",
        ["tls.cert_file"] = "/pki/background",
        ["tls.key_file"] = "/pki/background",
        ["auth.username"] = "background",
        ["auth.password"] = "background",
        ["probe.interval"] = "1m",
        ["probe.timeout"] = "1s",
    };

    // A row that is not here is tried with the samples of its form.
    private static readonly Dictionary<string, SettingSamples> OfRows = new()
    {
        ["name"] = new("a", "b", ""),
        ["endpoints"] = new("https://a:1", "https://b:1", "a:0"),
        ["metrics_url"] = new("http://{host}:1/m", "http://{host}:2/m", "http://nowhere"),
        ["tls.server_name"] = new("a", "b", ""),
        ["auth.username"] = new("a", "b", null, ""),
        ["auth.password"] = new("a", "b", null, ""),
        ["probe.key_prefix"] = new("/a/", "/b/", "/registry/"),
        ["probe.write"] = new("commit", "none", "never"),
        ["probe.hash_check_interval"] = new("1m", "2m", "59s"),
        ["--config.file"] = new(null, null, "/nowhere"),
        ["--web.listen-address"] = new(":1", ":2", "nowhere"),
        ["--web.telemetry-path"] = new("/a", "/b", "/"),
        ["--web.external-url"] = new("http://a/", "http://b/", "nowhere"),
        ["--web.config.file"] = new(null, null, "/pki/web"),
        ["--log.level"] = new("debug", "error", "loud"),
        ["--log.format"] = new("json", "logfmt", "xml"),
        ["--output"] = new("json", "table", "xml"),
    };

    private static readonly Dictionary<string, SettingSamples> OfForms = new()
    {
        ["duration"] = new("2s", "3s", "5"),
        ["true|false"] = new("true", "false", "perhaps"),
        ["file"] = new("/pki/a", "/pki/b", "/missing"),
    };

    public string? BadIn(Setting setting, string source) => source == setting.Path ? BadInFile ?? Bad : Bad;

    public static string NameOf(Setting setting) => setting.Path ?? setting.Flag!;

    public static Setting Row(string name) => Settings.All.Single(setting => NameOf(setting) == name);

    public static SettingSamples Of(Setting setting) =>
        OfRows.GetValueOrDefault(NameOf(setting)) ?? OfForms.GetValueOrDefault(setting.Placeholder)
        ?? throw new InvalidOperationException($"a new form of values: write samples for {NameOf(setting)} here");

    /// <summary>The background with these values instead of its own; a null takes one away.</summary>
    public static string Yaml(IEnumerable<(Setting Setting, string? Value)> changes)
    {
        List<(Setting Setting, string? Value)> ofFile = [.. changes.Where(change => change.Setting.Path is not null)];
        var gone = ofFile.SelectMany(change => new[] { change.Setting.Path, change.Value is null ? null : change.Setting.GivesWayTo?.Path });
        var values = Background.Where(pair => !gone.Contains(pair.Key))
            .Concat(ofFile.Where(change => change.Value is not null).Select(change => KeyValuePair.Create(change.Setting.Path!, change.Value!)));

        var ofExporter = values.ToLookup(pair => Row(pair.Key) is Setting<ExporterConfiguration>);
        return $"{{ {string.Join(", ", Mapping(ofExporter[true]).Append($"clusters: [{{ {string.Join(", ", Mapping(ofExporter[false]))} }}]"))} }}";
    }

    private static IEnumerable<string> Mapping(IEnumerable<KeyValuePair<string, string>> values) => values.GroupBy(pair => Row(pair.Key).Section).Select(section =>
    {
        var keys = string.Join(", ", section.Select(pair => Line(Row(pair.Key), JsonSerializer.Serialize(pair.Value))));
        return section.Key.Length == 0 ? keys : $"{section.Key}: {{ {keys} }}";
    });

    private static string Line(Setting setting, string value) => $"{setting.Key}: {(setting.IsRepeatable ? $"[{value}]" : value)}";
}
