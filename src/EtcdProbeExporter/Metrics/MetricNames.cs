using System.Buffers;

namespace EtcdProbeExporter.Metrics;

/// <summary>
/// The classic name rules (https://prometheus.io/docs/concepts/data_model/). Prometheus 3 takes any UTF-8; classic names need no
/// escaping in any format or by any scraper.
/// </summary>
internal static class MetricNames
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    private const string Digits = "0123456789";
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create(Letters + Digits);
    private static readonly SearchValues<char> MetricCharacters = SearchValues.Create(Letters + Digits + ":");

    public static bool IsMetricName(string name) => IsName(name, MetricCharacters);

    /// <summary>Names that begin with two underscores belong to Prometheus itself.</summary>
    public static bool IsLabelName(string name) => IsName(name, LabelCharacters) && !name.StartsWith("__", StringComparison.Ordinal);

    /// <summary>
    /// Every name that a family takes in any format: OpenMetrics drops <c>_total</c> from a counter's family name, and a histogram's
    /// samples carry suffixes, so a gauge of that name would be a second family with the same samples.
    /// </summary>
    public static IEnumerable<string> TakenBy(string familyName, MetricType type) => type switch
    {
        MetricType.Counter => [familyName, familyName[..^"_total".Length]],
        MetricType.Histogram => [familyName, familyName + "_bucket", familyName + "_sum", familyName + "_count"],
        _ => [familyName],
    };

    private static bool IsName(string name, SearchValues<char> allowed) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(allowed);
}
