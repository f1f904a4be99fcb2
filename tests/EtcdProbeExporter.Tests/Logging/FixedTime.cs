namespace EtcdProbeExporter.Tests.Logging;

internal sealed class FixedTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 21, 1, 2, 3, 456, TimeSpan.Zero);
}
