using System.Text;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Cli;

/// <summary>The help page: usage and examples by hand, so that it teaches, and the flags from the table of settings.</summary>
internal static class HelpText
{
    private const int Column = 36;
    private const int Width = 109;

    private const string Introduction = """
        etcd-probe-exporter proves from outside, every few seconds, that each etcd endpoint and the cluster
        accept writes and answer reads, and exports what it sees to Prometheus.

        Usage:
          etcd-probe-exporter [run] [flags]            probe for ever, serve metrics over HTTP (default)
          etcd-probe-exporter check [flags] [-o json]  one round of probes; exit 0 healthy, 1 something is wrong
          etcd-probe-exporter check-config [flags]     validate, print the effective configuration; exit 0 or 2
          etcd-probe-exporter healthcheck [flags]      ask the exporter that runs here whether it lives; exit 0 or 1

        Examples:
          etcd-probe-exporter check --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379
              look once: the table of etcdctl endpoint status, with put and get latencies and findings
          etcd-probe-exporter --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379
              probe three members without TLS, metrics on http://localhost:10379/metrics
          etcd-probe-exporter --endpoints 10.0.0.1:2379 --cacert ca.crt --cert client.crt --key client.key
              the same with mutual TLS: the flags of etcdctl, with the same meaning
          etcd-probe-exporter --config.file clusters.yml
              several clusters, discovery, and everything else that has no flag

        """;

    private const string End = """
        Other:
          -h, --help                        this text
          --version                         version and revision

        Exit codes: 0 success, 1 crashed (check: something is wrong), 2 wrong usage or configuration refused.

        """;

    public static string Page { get; } = Build();

    private static string Build()
    {
        var page = new StringBuilder(Introduction);
        foreach (var topic in Settings.Topics)
        {
            page.Append('\n').Append(topic.Heading).Append('\n');
            foreach (var setting in topic.Rows.Where(setting => setting.Flag is not null))
            {
                Append(page, Names(setting), Explanation(setting));
                if (setting.FlagOfCheck is { } flag)
                {
                    Append(page, $"{flag} <{setting.Placeholder}>", [$"etcdctl's word for {setting.Flag}, of check only"]);
                }
            }

            page.Append(topic.Note is null ? "" : $"  {topic.Note}\n");
        }

        return page.Append('\n').Append(End).ToString();
    }

    private static string Names(Setting setting)
    {
        var shortForm = setting.Synonyms.FirstOrDefault(name => name.Length == 2) is { } letter ? $"{letter}, " : "";
        return $"{shortForm}{setting.Flag}{(setting.IsSwitch ? "" : $" <{setting.Placeholder}>")}";
    }

    /// <summary>Words, and the brackets as one of them: they are never torn apart.</summary>
    private static IEnumerable<string> Explanation(Setting setting)
    {
        var preset = setting.DefaultInWords is { } words ? $"default: {words}"
            : setting.DefaultText is { } value ? $"default {value}"
            : null;
        string[] facts = [.. new[] { setting.Variable, preset, setting.LimitText }.OfType<string>()];
        return facts.Length == 0 ? setting.Help.Split(' ') : setting.Help.Split(' ').Append($"[{string.Join(", ", facts)}]");
    }

    private static void Append(StringBuilder page, string names, IEnumerable<string> words)
    {
        var line = new StringBuilder($"  {names}".PadRight(Column - 1));
        foreach (var word in words)
        {
            if (line.Length + 1 + word.Length > Width)
            {
                page.Append(line).Append('\n');
                line.Clear().Append(' ', Column - 1);
            }

            line.Append(' ').Append(word);
        }

        page.Append(line).Append('\n');
    }
}
