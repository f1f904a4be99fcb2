namespace EtcdProbeExporter.Metrics;

/// <summary>
/// One live series. Its handle stays usable after the owner is disposed (a probe may still be in flight): the values then go nowhere.
/// </summary>
internal abstract class Series(LabelSet labels, SeriesOwner owner, DateTimeOffset created)
{
    internal SeriesOwner Owner { get; } = owner;

    protected LabelSet Labels { get; } = labels;

    /// <summary>When counting began: the start timestamp of OpenMetrics and protobuf.</summary>
    protected DateTimeOffset Created { get; } = created;

    /// <summary>The consistent state of this moment; null when the series is not to be exposed.</summary>
    internal abstract SeriesSnapshot? Capture();
}
