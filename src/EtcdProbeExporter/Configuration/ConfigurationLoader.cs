namespace EtcdProbeExporter.Configuration;

/// <summary>
/// Brings flags, variables and the file together; a flag beats a variable, both beat the file. Call <see cref="Load"/> again to reload:
/// the file is read anew, flags and variables stay what they were at the start of the process. The file reader throws as File.ReadAllText
/// does; flags have the names of the table (<see cref="Settings"/>) and their values in the order in which they were given.
/// </summary>
internal sealed class ConfigurationLoader(
    IReadOnlyDictionary<string, IReadOnlyList<string>> flags, Func<string, string?> variable, Func<string, string> readFile)
{
    public ConfigurationResult Load()
    {
        var findings = new Findings();
        var files = new NamedFiles(readFile, findings);
        var overrides = Overrides(findings);
        var (ofExporter, ofClusters) = ConfigurationFile.Location.In(overrides) is { Value: { } path } given && files.Read(given) is { } text
            ? ConfigurationFile.Read(text, path, findings)
            : (new Draft(overrides.Origin), []);
        var exporter = new ExporterConfiguration { Clusters = [] };
        foreach (var setting in Settings.OfExporter)
        {
            exporter = setting.Apply(exporter, overrides.Over(ofExporter), files, findings);
        }

        List<Draft> drafts = [.. Merge(overrides, ofClusters, findings)];
        List<ClusterConfiguration> clusters = [.. drafts.Select(draft => ClusterSettings.Build(draft, files, findings))];
        RefuseSameNames(drafts, clusters, findings);
        return new ConfigurationResult
        {
            Configuration = findings.HasErrors ? null : exporter with { Clusters = clusters },
            Errors = findings.Errors,
            Warnings = findings.Warnings,
        };
    }

    /// <summary>What the command line and the environment say.</summary>
    private Draft Overrides(Findings findings)
    {
        var draft = new Draft(new Origin("command line"));
        foreach (var setting in Settings.All)
        {
            if (Given(setting) is var (name, texts))
            {
                draft[setting] = setting.FromCommandLine(texts, new Origin(name), findings);
            }
        }

        AuthSettings.SplitUser(draft);
        return draft;
    }

    // An empty variable is none (etcd, pkg/flags/flag.go: SetPflagsFromEnv).
    private (string Name, IReadOnlyList<string> Texts)? Given(Setting setting)
    {
        foreach (var flag in new[] { setting.Flag, setting.FlagOfCheck }.OfType<string>())
        {
            if (flags.TryGetValue(flag, out var texts))
            {
                return (flag, texts);
            }
        }

        return setting.Variable is { } name && variable(name) is { Length: > 0 } text ? (name, [text]) : null;
    }

    private static IEnumerable<Draft> Merge(Draft overrides, IReadOnlyList<Draft> written, Findings findings)
    {
        if (written.Count > 1)
        {
            var ofOneCluster = Settings.OfCluster.Where(setting => !setting.IsForAllClusters).Select(setting => overrides[setting]?.Origin);
            foreach (var origin in ofOneCluster.OfType<Origin>().Distinct())
            {
                findings.Refuse(origin.Error(
                    null,
                    $"the configuration file has {written.Count} clusters, and this could mean any of them; set it in the file"));
            }

            overrides = overrides.Where(setting => setting.IsForAllClusters);
        }

        if (written.Count == 0)
        {
            overrides[ClusterSettings.Endpoints] ??= ClusterSettings.Endpoints.DefaultFor(overrides);
            yield return overrides;
        }

        foreach (var draft in written)
        {
            var merged = overrides.Over(draft);
            if (merged[ClusterSettings.Endpoints] is null)
            {
                findings.Refuse(Missing(draft, ClusterSettings.Endpoints).Error(null, "the cluster needs at least one endpoint"));
            }

            yield return merged;
        }
    }

    private static void RefuseSameNames(List<Draft> drafts, List<ClusterConfiguration> clusters, Findings findings)
    {
        for (var i = 1; i < clusters.Count; i++)
        {
            var first = clusters.FindIndex(cluster => cluster.Name == clusters[i].Name);
            if (first < i)
            {
                var message = $"{drafts[first].Origin.Key} has this name already; it is the label that keeps them apart";
                findings.Refuse(
                    drafts[i][ClusterSettings.Name]?.Error(message)
                    ?? Missing(drafts[i], ClusterSettings.Name)
                        .Error(null, $"a cluster without a name is called \"{ClusterSettings.Name.Default}\", and {message}"));
            }
        }
    }

    /// <summary>Where the setting would stand.</summary>
    private static Origin Missing(Draft draft, Setting setting) => draft.Origin with { Key = $"{draft.Origin.Key}.{setting.Path}" };
}
