using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>All faults, and which of them can be done on this machine.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. ProcessFaults.All, .. DiskFaults.All, .. NetworkFaults.All, .. PathFaults.All, .. DataFaults.All, .. MembershipFaults.All,
        .. CredentialFaults.All, .. ExporterFaults.All,
    ];

    /// <summary>Why a fault cannot be done here, or null.</summary>
    public static string? Obstacle(Fault fault)
    {
        var missing = fault.Tools.Where(t => Tools.Find(t) is null && !File.Exists(t))
            .Concat(fault.Releases.Where(r => EtcdRelease.All.All(a => a.Name != r)).Select(r => "etcd " + r))
            .ToList();
        return missing.Count > 0 ? "needs " + string.Join(", ", missing)
            : fault.Namespaced && Environment.UserName != "root" ? "needs root"
            : null;
    }
}
