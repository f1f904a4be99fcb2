namespace EtcdProbeExporter.Harness;

/// <summary>Which programs are at hand. A test that needs one that is not skips at a desk and fails in continuous integration.</summary>
internal static class Tools
{
    public static bool InContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    public static string? Find(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, tool))
        .FirstOrDefault(File.Exists);

    /// <summary>Why a test cannot run here, or null. <paramref name="tools"/> are programs, or further releases of etcd by name. In continuous integration nothing is a reason: the test runs, and fails.</summary>
    public static string? ReasonToSkip(IEnumerable<string> tools)
    {
        // What no distribution has: a test that needs it runs where somebody names the folder.
        var named = tools.Where(t => t is EtcdRelease.Kine or "3.6" or "3.7").ToList();
        if (named.Count > 0 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ETCD_RELEASES")))
        {
            return $"needs {string.Join(", ", named)}, which no distribution has: name the folder in ETCD_RELEASES";
        }

        if (InContinuousIntegration)
        {
            return null;
        }

        var missing = tools.Where(t => (t == EtcdRelease.Kine ? EtcdRelease.KineProgram : Find(t)) is null && EtcdRelease.All.All(r => r.Name != t))
            .Concat(EtcdRelease.Needed.Append(EtcdRelease.NameUnderTest).Distinct().Except(EtcdRelease.All.Select(r => r.Name)).Select(r => $"etcd {r}"))
            .ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}: run ./eng/install-test-tools.sh";
    }
}
