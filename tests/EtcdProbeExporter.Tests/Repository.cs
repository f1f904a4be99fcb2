namespace EtcdProbeExporter.Tests;

internal static class Repository
{
    /// <summary>The folder that holds the solution. Not by the compiler's file path: a deterministic build writes that as <c>/_/</c>.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EtcdProbeExporter.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests do not lie within the repository");
        }

        return folder;
    }
}
