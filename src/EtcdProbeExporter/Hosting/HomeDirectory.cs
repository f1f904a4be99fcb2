namespace EtcdProbeExporter.Hosting;

/// <summary>
/// .NET looks for certificate stores below the home directory whenever it builds a chain, and throws where it knows none: HOME is not set and
/// the user has no entry in /etc/passwd (an image run under another user id, systemd's DynamicUser). There is nothing of ours to be found.
/// </summary>
internal static class HomeDirectory
{
    private const string Variable = "HOME";

    /// <summary>To be called before any certificate is read.</summary>
    public static void EnsureKnown()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            Environment.SetEnvironmentVariable(Variable, "/");
        }
    }
}
