using System.Collections.Immutable;

namespace EtcdProbeExporter.Metrics;

/// <summary>The label values of one series, in the order of the family's label names; equal when all values are equal.</summary>
internal sealed class LabelSet : IEquatable<LabelSet>
{
    private readonly int _hash;

    public LabelSet(ReadOnlySpan<string> values)
    {
        var hash = new HashCode();
        foreach (var value in values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        Values = ImmutableArray.Create(values);
        _hash = hash.ToHashCode();
    }

    public ImmutableArray<string> Values { get; }

    /// <summary>Ordinal order, value by value: two scrapes of the same series come out in the same order.</summary>
    public static int Compare(LabelSet left, LabelSet right)
    {
        for (var i = 0; i < left.Values.Length; i++)
        {
            var order = string.CompareOrdinal(left.Values[i], right.Values[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    public bool Equals(LabelSet? other) =>
        other is not null && _hash == other._hash && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode() => _hash;
}
