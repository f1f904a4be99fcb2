namespace EtcdProbeExporter.Configuration;

/// <summary>
/// Brings flags, variables and the file together; a flag beats a variable, both beat the file. Call <see cref="Load"/> again to reload: the
/// file is read anew, flags and variables stay what they were at the start of the process. The file reader throws as File.ReadAllText does.
/// </summary>
internal sealed class ConfigurationLoader(ConfigurationFlags flags, Func<string, string?> variable, Func<string, string> readFile)
{
    public ConfigurationResult Load()
    {
        var findings = new Findings();
        var files = new NamedFiles(readFile, findings);
        var overrides = EtcdctlSettings.Read(flags, variable, findings);
        var web = Web(findings);
        var log = Log(findings);
        var written = File(files, findings);
        List<ClusterDraft> drafts = [.. Merge(overrides, written, findings)];
        List<ClusterConfiguration> clusters = [.. drafts.Select(draft => ClusterBuilder.Build(draft, files, findings))];
        RefuseSameNames(drafts, clusters, findings);
        return new ConfigurationResult
        {
            Configuration = findings.HasErrors ? null : new ExporterConfiguration { Clusters = clusters, Web = web, Log = log },
            Errors = findings.Errors,
            Warnings = findings.Warnings,
        };
    }

    private static Setting<string>? Flag(string name, string? value) => value is null ? null : new Setting<string>(value, new Origin(name), value);

    private IReadOnlyList<ClusterDraft> File(NamedFiles files, Findings findings)
    {
        if (Flag("--config.file", flags.ConfigFile) is not { } path)
        {
            return [];
        }

        if (path.Value.Length == 0)
        {
            findings.Refuse(path.Error("the value is empty"));
            return [];
        }

        return files.Read(path) is { } text ? ConfigurationFile.Read(text, path.Value, findings) : [];
    }

    private static IEnumerable<ClusterDraft> Merge(ClusterDraft overrides, IReadOnlyList<ClusterDraft> written, Findings findings)
    {
        if (written.Count > 1)
        {
            foreach (var origin in EtcdctlSettings.Given(overrides))
            {
                findings.Refuse(origin.Error(
                    null,
                    $"the configuration file has {written.Count} clusters, and this could mean any of them; set it in the file"));
            }

            // The pace is not one cluster's matter: the flags set it for all.
            overrides = new ClusterDraft(overrides.Origin) { Interval = overrides.Interval, Timeout = overrides.Timeout };
        }

        if (written.Count == 0)
        {
            var endpoint = new Setting<string>(EndpointList.Default.Label, overrides.Origin, EndpointList.Default.Label);
            yield return overrides.Endpoints is null ? overrides with { Endpoints = [endpoint] } : overrides;
        }

        foreach (var draft in written)
        {
            var merged = overrides.Over(draft);
            if (merged.Endpoints is null)
            {
                var missing = new Origin($"{draft.Origin.Key}.endpoints", draft.Origin.File, draft.Origin.Line);
                findings.Refuse(missing.Error(null, "the cluster needs at least one endpoint"));
            }

            yield return merged;
        }
    }

    private static void RefuseSameNames(List<ClusterDraft> drafts, List<ClusterConfiguration> clusters, Findings findings)
    {
        for (var i = 1; i < clusters.Count; i++)
        {
            var first = clusters.FindIndex(cluster => cluster.Name == clusters[i].Name);
            if (first < i)
            {
                var message = $"{drafts[first].Origin.Key} has this name already; it is the label that keeps them apart";
                findings.Refuse(
                    drafts[i].Name?.Error(message)
                    ?? new Origin($"{drafts[i].Origin.Key}.name", drafts[i].Origin.File, drafts[i].Origin.Line)
                        .Error(null, $"a cluster without a name is called \"{ClusterBuilder.DefaultName}\", and {message}"));
            }
        }
    }

    private WebConfiguration Web(Findings findings)
    {
        if (Flag("--web.config.file", flags.WebConfigFile) is { } unsupported)
        {
            findings.Refuse(unsupported.Error("not supported in this version; put a reverse proxy in front for TLS or authentication"));
        }

        var defaults = new WebConfiguration();
        var listen = findings.Read<ListenAddress>(Flag("--web.listen-address", flags.WebListenAddress), ListenAddress.TryParse!);
        var external = Flag("--web.external-url", flags.WebExternalUrl);
        return new WebConfiguration
        {
            ListenAddress = listen?.Text ?? defaults.ListenAddress,
            TelemetryPath = findings.Read<string>(Flag("--web.telemetry-path", flags.WebTelemetryPath), SettingText.TelemetryPath)?.Value
                ?? defaults.TelemetryPath,
            ExternalUrl = findings.Read<Uri>(external?.Value.Contains('@') == true ? external with { Text = null } : external, SettingText.ExternalUrl)?.Value,
            EnableLifecycle = findings.Read<bool>(Flag("--web.enable-lifecycle", flags.WebEnableLifecycle), SettingText.GoBool)?.Value ?? false,
        };
    }

    private LogConfiguration Log(Findings findings)
    {
        var defaults = new LogConfiguration();
        return new LogConfiguration
        {
            Level = findings.Read<LogLevel>(Flag("--log.level", flags.LogLevel), SettingText.Level)?.Value ?? defaults.Level,
            Format = findings.Read<LogFormat>(Flag("--log.format", flags.LogFormat), SettingText.Format)?.Value ?? defaults.Format,
        };
    }
}
