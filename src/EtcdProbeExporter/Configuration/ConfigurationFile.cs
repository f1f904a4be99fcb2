using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Configuration;

/// <summary>The YAML file: text in, one draft for the process and one for each cluster out.</summary>
internal static class ConfigurationFile
{
    public static readonly SettingRows Rows = new();

    /// <summary>Read by the loader and no part of the configuration.</summary>
    public static readonly ExporterSetting<string?> Location = Rows.Add(new ExporterSetting<string?>
    {
        Flag = "--config.file",
        Form = ValueForms.Text with { Name = "file", Parse = ValueForms.Text.ParseInFile },
        Default = null,
        DefaultInWords = "none",
        Help = "YAML file; unknown keys are errors",
        Get = _ => null,
        Set = (exporter, _) => exporter,
    });

    private const string Clusters = "clusters";

    /// <summary>No cluster when the file names none or, with findings, cannot be read as YAML.</summary>
    public static (Draft Exporter, IReadOnlyList<Draft> Clusters) Read(string text, string file, Findings findings)
    {
        var origin = new Origin("", file);
        var draft = new Draft(origin);
        var root = YamlSection.Open(Parse(text, file, findings), origin, [Clusters, .. KeysOf(Settings.OfExporter)], findings);
        if (root is null)
        {
            return (draft, []);
        }

        Fill(draft, root, Settings.OfExporter, findings);
        return (draft, [.. (root.List(Clusters) ?? []).Select(item => Cluster(item.Node, item.Origin, findings)).OfType<Draft>()]);
    }

    private static YamlNode? Parse(string text, string file, Findings findings)
    {
        var stream = new YamlStream();
        var events = new DuplicateKeyFilter(
            new Parser(new StringReader(text)),
            key => findings.Refuse(new Origin(key.Value, file, key.Start.Line).Error(null, "the key is written twice")));
        try
        {
            stream.Load(events);
        }
        catch (YamlException exception)
        {
            // The start is where the enclosing block begins; for a tab in the indentation YamlDotNet knows no place at all and says 1:1.
            var tab = exception.End.Index == 0 ? LineIndentedByTab(text) : null;
            findings.Refuse(new ConfigurationError("syntax", null, exception.Message)
            {
                File = file,
                Line = tab ?? exception.End.Line,
                Column = tab is null ? exception.End.Column : 1,
            });
            return null;
        }
        catch (Exception exception)
        {
            // The reader has defects of its own (fuzzing found an InvalidOperationException of its scanner), and a text that it cannot read is
            // a bad text, not a reason to crash.
            findings.Refuse(new ConfigurationError("syntax", null, $"the text cannot be read as YAML: {exception.Message}")
            {
                File = file,
                Line = events.Current?.End.Line,
            });
            return null;
        }

        if (stream.Documents.Count > 1)
        {
            var second = new Origin("(file)", file, stream.Documents[1].RootNode.Start.Line);
            findings.Refuse(second.Error(null, "a second YAML document starts here; the configuration is a single one"));
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    private static long? LineIndentedByTab(string text)
    {
        var index = Array.FindIndex(text.Split('\n'), line => line.TakeWhile(char.IsWhiteSpace).Contains('\t'));
        return index < 0 ? null : index + 1;
    }

    private static Draft? Cluster(YamlNode node, Origin origin, Findings findings)
    {
        string[] keys = [.. KeysOf(Settings.OfCluster)];
        if (YamlSection.Open(node, origin, keys, findings) is { } cluster)
        {
            var draft = new Draft(cluster.Origin);
            Fill(draft, cluster, Settings.OfCluster, findings);
            return draft;
        }

        if (node is YamlScalarNode)
        {
            findings.Refuse(origin.Error(null, $"expected a mapping with the keys {string.Join(", ", keys)}, found a single value"));
        }

        return null;
    }

    private static void Fill(Draft draft, YamlSection mapping, IReadOnlyList<Setting> settings, Findings findings)
    {
        foreach (var rows in settings.Where(setting => setting.Path is not null).GroupBy(setting => setting.Section))
        {
            var section = rows.Key.Length == 0 ? mapping : mapping.Section(rows.Key, [.. rows.Select(setting => setting.Key)]);
            foreach (var setting in rows)
            {
                draft[setting] = section is null ? null : setting.FromFile(section, findings);
            }
        }

        foreach (var setting in draft.Given)
        {
            if (setting.GivesWayTo is { } other && draft[other] is not null)
            {
                findings.Refuse(draft[setting]!.Error($"set {other.Key} or {setting.Key}, not both"));
            }
        }
    }

    /// <summary>The keys of the mapping itself: settings and sections, in the order of the table.</summary>
    private static IEnumerable<string> KeysOf(IReadOnlyList<Setting> settings) => settings
        .Where(setting => setting.Path is not null)
        .Select(setting => setting.Section.Length == 0 ? setting.Key : setting.Section)
        .Distinct();
}
