using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A theory that needs real etcd, and the other tools that it names.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EtcdTheoryAttribute : TheoryAttribute
{
    public EtcdTheoryAttribute(params string[] tools)
    {
        Skip = Tools.ReasonToSkip(tools);
    }
}
