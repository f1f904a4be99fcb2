using System.Globalization;
using System.Text.Json;
using EtcdProbeExporter.Campaign.Episodes;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Campaign.Reports;

/// <summary>The results of all runs, one line of JSON per episode, under artifacts/campaign.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Folder { get; } = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "campaign")).FullName;

    /// <summary>A new file for one run.</summary>
    public static string NewFile(int seed) =>
        Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"run-{DateTime.UtcNow:yyyyMMdd-HHmmss}-seed{seed}.jsonl"));

    public static void Append(string file, EpisodeResult result) => File.AppendAllText(file, JsonSerializer.Serialize(result, Json) + "\n");

    public static IReadOnlyList<EpisodeResult> ReadAll() =>
    [
        .. Directory.GetFiles(Folder, "run-*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select(line => JsonSerializer.Deserialize<EpisodeResult>(line, Json)!),
    ];

    /// <summary>Keeps what shows how an episode went, and returns the file.</summary>
    public static string KeepEvidence(EpisodeResult result, string evidence)
    {
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"episode-{result.Seed}-{result.Number}.txt"));
        File.WriteAllText(file, evidence);
        return file;
    }
}
