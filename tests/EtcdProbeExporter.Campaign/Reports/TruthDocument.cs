using EtcdProbeExporter.Campaign.Episodes;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Campaign.Reports;

/// <summary>Writes docs/truth.md from the results of all runs.</summary>
internal static class TruthDocument
{
    public static string Write(IReadOnlyList<EpisodeResult> results)
    {
        var file = Path.Combine(Repository.Root, "docs", "truth.md");
        File.WriteAllText(file, string.Join('\n', Tables.Matrix(results)) + "\n");
        return file;
    }
}
