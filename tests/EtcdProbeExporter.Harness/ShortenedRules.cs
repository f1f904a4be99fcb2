using System.Globalization;
using System.Text.RegularExpressions;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// The shipped rules and the shipped Alertmanager configuration with time running faster, and nothing else changed: every <c>for:</c>, every
/// range in brackets up to six hours and every interval of Alertmanager is divided by <see cref="Factor"/>; receivers' addresses are the
/// test's. Thresholds, labels, grouping and inhibition are those that users get.
/// </summary>
internal static partial class ShortenedRules
{
    public const int Factor = 20;

    private static readonly string Folder = Path.Combine(Repository.Root, "rules");

    /// <summary>Writes the rules into a folder and returns the pattern under which Prometheus finds them.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="least">
    /// No <c>for:</c> gets shorter than this. Only the rules run faster, not etcd and not the probes: what may be seen for a moment after a
    /// fault, such as a log that stands still before an election shows why, must not page because of that.
    /// </param>
    public static string Write(string folder, TimeSpan least = default)
    {
        foreach (var file in Directory.GetFiles(Folder, "*.rules.yml"))
        {
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), Shorten(File.ReadAllText(file), least));
        }

        return Path.Combine(folder, "*.rules.yml");
    }

    public static string Alertmanager(string receiver) => Interval()
        .Replace(File.ReadAllText(Path.Combine(Folder, "alertmanager.yml")), m => m.Groups[1].Value + Divide(m.Groups[2].Value))
        .Replace("http://127.0.0.1:9099", receiver, StringComparison.Ordinal);

    public static string Shorten(string rules, TimeSpan least = default)
    {
        var shortened = For().Replace(rules, m => m.Groups[1].Value + Divide(m.Groups[2].Value, least));
        return Range().Replace(shortened, m => m.Groups[1].Value == "7d" ? m.Value : $"[{Divide(m.Groups[1].Value)}{(m.Groups[2].Success ? ":" + Divide(m.Groups[2].Value) : "")}]");
    }

    private static string Divide(string duration, TimeSpan least = default)
    {
        var number = double.Parse(duration[..^1], CultureInfo.InvariantCulture);
        var milliseconds = number * 1000 * duration[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => throw new ArgumentException(duration) } / Factor;
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(milliseconds, least.TotalMilliseconds):0}ms");
    }

    [GeneratedRegex(@"^(\s+for: )(\d+[smh])$", RegexOptions.Multiline)]
    private static partial Regex For();

    [GeneratedRegex(@"\[(\d+[smhd])(?::(\d+[smhd]))?\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"^(\s+(?:group_wait|group_interval): )(\d+[smh])$", RegexOptions.Multiline)]
    private static partial Regex Interval();
}
