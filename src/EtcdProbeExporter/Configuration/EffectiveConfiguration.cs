using System.Text;

namespace EtcdProbeExporter.Configuration;

/// <summary>
/// The configuration as it acts, as a YAML file that loads again; secrets are replaced, flags that have no place in the file are comments.
/// </summary>
internal static class EffectiveConfiguration
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Secret = "<secret>";

    public static string Print(ExporterConfiguration configuration)
    {
        var text = new StringBuilder();
        foreach (var line in Lines(Settings.OfExporter.Where(setting => !setting.IsOfCheck), configuration))
        {
            text.Append(line).Append('\n');
        }

        text.Append("clusters:\n");
        foreach (var cluster in configuration.Clusters)
        {
            foreach (var (index, line) in Lines(Settings.OfCluster, cluster).Index())
            {
                text.Append(index == 0 ? "  - " : "    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines<TOwner>(IEnumerable<Setting<TOwner>> settings, TOwner owner)
    {
        foreach (var rows in settings.GroupBy(setting => setting.Section))
        {
            List<string> lines = [.. rows.SelectMany(setting => setting.Lines(owner))];
            if (rows.Key.Length > 0 && lines.Count > 0)
            {
                lines = [$"{rows.Key}:", .. lines.Select(line => $"  {line}")];
            }

            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }
}
