using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A fact that needs real etcd, and the other tools that it names.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute(params string[] tools)
    {
        Skip = Tools.ReasonToSkip(tools);
    }
}
