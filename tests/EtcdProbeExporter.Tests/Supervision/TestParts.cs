using EtcdProbeExporter.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Supervision;

/// <summary>A supervised part for tests, and what was reported of it.</summary>
internal static class TestParts
{
    public static InternalErrors Errors() => new(TimeProvider.System, NullLogger.Instance);

    public static SupervisedPart Part(InternalErrors errors) => new(errors, ExporterPart.Probe, "test");
}
