using System.Text.RegularExpressions;

namespace EtcdProbeExporter.Metrics;

/// <summary>What may be a name, by the data model of Prometheus and the conventions that its linter enforces.</summary>
internal static partial class MetricNames
{
    /// <summary>Throws <see cref="ArgumentException"/> naming the family, when it is registered: a bad name must not wait for a scrape.</summary>
    public static void Check(MetricType type, string name, IReadOnlyList<string> labels)
    {
        if (!MetricName().IsMatch(name))
        {
            throw new ArgumentException($"'{name}' is not a metric name");
        }

        if (type == MetricType.Counter && !name.EndsWith("_total", StringComparison.Ordinal))
        {
            throw new ArgumentException($"counter '{name}' does not end in _total");
        }

        foreach (var label in labels)
        {
            if (!LabelName().IsMatch(label) || label.StartsWith("__", StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{label}' is not a label name, in '{name}'");
            }

            if (type == MetricType.Histogram && label == "le")
            {
                throw new ArgumentException($"histogram '{name}' cannot have a label le");
            }
        }

        if (labels.Distinct(StringComparer.Ordinal).Count() != labels.Count)
        {
            throw new ArgumentException($"'{name}' has a label twice");
        }
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex MetricName();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();
}
