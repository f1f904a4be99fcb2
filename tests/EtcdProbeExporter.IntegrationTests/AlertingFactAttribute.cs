using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>A fact that needs all that an operator runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlertingFactAttribute : FactAttribute
{
    public AlertingFactAttribute() => Skip = Tools.ReasonToSkip(["prometheus", "prometheus-alertmanager", "strace"]);
}
