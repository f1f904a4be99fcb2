using System.Globalization;

namespace EtcdProbeExporter.Consensus;

/// <summary>
/// The whole cluster went back to an older state: it was restored from a snapshot. Terms and revisions are the highest that were seen before
/// and after. <see cref="Lost"/> is null where revisions do not tell (a restore may bump them).
/// </summary>
internal sealed record Restoration(ulong TermBefore, ulong TermAfter, long RevisionBefore, long RevisionAfter)
{
    /// <summary>How many revisions are gone; at least, since writes go on after the restore.</summary>
    public long? Lost => RevisionAfter < RevisionBefore ? RevisionBefore - RevisionAfter : null;

    /// <summary>For people: <c>term 7 → 2, revision 270 → 36, at least 234 revisions lost</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"term {TermBefore} → {TermAfter}, revision {RevisionBefore} → {RevisionAfter}{(Lost is { } lost ? $", at least {lost} revisions lost" : "")}");
}
