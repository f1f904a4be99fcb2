namespace EtcdProbeExporter.Configuration;

/// <summary>What the verb <c>check</c> is given beside the configuration that all verbs share.</summary>
internal sealed record CheckConfiguration
{
    public CheckOutput Output { get; init; } = CheckSettings.Output.Default;
}

/// <summary>How <c>check</c> reports.</summary>
internal enum CheckOutput
{
    Table,
    Json,
}

internal static class CheckSettings
{
    public static readonly SettingRows Rows = new();

    public static readonly ExporterSetting<CheckOutput> Output = Rows.Add(new ExporterSetting<CheckOutput>
    {
        Flag = "--output",
        Synonyms = ["-o", "--write-out", "-w"],
        IsOfCheck = true,
        Form = ValueForms.OneOf("format", [("table", CheckOutput.Table), ("json", CheckOutput.Json)]),
        Default = CheckOutput.Table,
        Help = "table or json; -w and --write-out, as in etcdctl, are the same",
        Get = exporter => exporter.Check.Output,
        Set = (exporter, output) => exporter with { Check = exporter.Check with { Output = output } },
    });
}
