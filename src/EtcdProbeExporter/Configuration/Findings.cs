namespace EtcdProbeExporter.Configuration;

/// <summary>Collects everything there is to say about one configuration while it is read.</summary>
internal sealed class Findings
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public IReadOnlyList<ConfigurationError> Errors => InReadingOrder(_errors);

    public IReadOnlyList<string> Warnings => [.. InReadingOrder(_warnings).Select(warning => warning.ToString())];

    public void Refuse(ConfigurationError error) => _errors.Add(error);

    public void Warn(ConfigurationError warning) => _warnings.Add(warning);

    /// <summary>Null when nothing was given or when the text was refused, which is then recorded.</summary>
    public Written<T>? Read<T>(Written<string>? written, TextParser<T> parse)
    {
        if (written is null)
        {
            return null;
        }

        if (parse(written.Value, out var value, out var error))
        {
            return new Written<T>(value, written.Origin, written.Text);
        }

        Refuse(written.Error(error ?? "not understood"));
        return null;
    }

    private static List<ConfigurationError> InReadingOrder(List<ConfigurationError> found) =>
        [.. found.Distinct().OrderBy(finding => finding.File is null ? -1 : finding.Line ?? 0)];
}
