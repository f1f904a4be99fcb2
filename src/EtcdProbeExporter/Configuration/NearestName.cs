namespace EtcdProbeExporter.Configuration;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
internal static class NearestName
{
    /// <summary>Null when nothing is close: at most one edit per three letters counts as a slip.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        var best = known.Select(name => (Name: name, Edits: Edits(written, name))).OrderBy(candidate => candidate.Edits).FirstOrDefault();
        return best.Name is not null && best.Edits <= Math.Max(1, best.Name.Length / 3) ? best.Name : null;
    }

    private static int Edits(string a, string b)
    {
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[b.Length];
    }
}
