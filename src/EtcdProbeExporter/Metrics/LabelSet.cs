namespace EtcdProbeExporter.Metrics;

/// <summary>The label values of one series, in the order of the family's label names. Equal by content.</summary>
internal readonly struct LabelSet(string[] values) : IEquatable<LabelSet>
{
    public IReadOnlyList<string> Values => values ?? [];

    public bool Equals(LabelSet other) => Values.SequenceEqual(other.Values, StringComparer.Ordinal);

    public override bool Equals(object? obj) => obj is LabelSet other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in Values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(',', Values);
}
