namespace EtcdProbeExporter.Tests;

/// <summary>
/// A test that runs a real program: skipped at a desk that lacks it; on CI (<c>CI=true</c>) it runs and so fails, because a test that
/// never ran proves nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools)
    {
        var missing = MissingTools(
            tools, Environment.GetEnvironmentVariable("PATH") ?? "", Environment.GetEnvironmentVariable("CI") == "true");
        if (missing.Count > 0)
        {
            Skip = $"not on PATH: {string.Join(", ", missing)}";
        }
    }

    /// <returns>The tools to skip for; none on CI.</returns>
    internal static IReadOnlyList<string> MissingTools(IEnumerable<string> tools, string path, bool isCi)
    {
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return isCi ? [] : [.. tools.Where(tool => !folders.Any(folder => File.Exists(Path.Combine(folder, tool))))];
    }
}
