using System.Reflection;

namespace EtcdProbeExporter.Cli;

/// <summary>Which build this is. The revision is the commit that the SDK appends to the informational version after a plus sign.</summary>
internal sealed record BuildInformation(string Version, string Revision)
{
    public static BuildInformation Current { get; } = Parse(
        typeof(BuildInformation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    public static BuildInformation Parse(string informationalVersion) =>
        informationalVersion.Split('+', 2) is [var version, var revision]
            ? new BuildInformation(version, revision)
            : new BuildInformation(informationalVersion, "unknown");

    public override string ToString() => $"etcd-probe-exporter {Version} (revision {Revision})";
}
