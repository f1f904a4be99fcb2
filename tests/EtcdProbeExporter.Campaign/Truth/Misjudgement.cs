namespace EtcdProbeExporter.Campaign.Truth;

/// <summary>Something that the exporter said and the truth does not allow.</summary>
/// <param name="About">An endpoint, or the cluster, or the exporter.</param>
/// <param name="Said">What.</param>
/// <param name="Right">What would have been right.</param>
/// <param name="From">Of the first look that showed it.</param>
/// <param name="To">Of the last one in a row.</param>
internal sealed record Misjudgement(string About, string Said, string Right, TimeSpan From, TimeSpan To)
{
    public override string ToString() => FormattableString.Invariant($"{From.TotalSeconds:0.0}-{To.TotalSeconds:0.0} s: {About} {Said}; right: {Right}");

    /// <summary>Puts what is said of several looks in a row into one.</summary>
    public static IReadOnlyList<Misjudgement> Joined(IEnumerable<Misjudgement> single, TimeSpan gap)
    {
        var joined = new List<Misjudgement>();
        foreach (var next in single.OrderBy(m => m.From))
        {
            var last = joined.FindLastIndex(m => m.About == next.About && m.Said == next.Said && next.From - m.To <= gap);
            if (last >= 0)
            {
                joined[last] = joined[last] with { To = next.To };
            }
            else
            {
                joined.Add(next);
            }
        }

        return joined;
    }
}
