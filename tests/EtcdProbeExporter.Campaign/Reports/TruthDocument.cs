using System.Globalization;
using EtcdProbeExporter.Campaign.Episodes;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Tests;

namespace EtcdProbeExporter.Campaign.Reports;

/// <summary>Writes docs/truth.md from the results of all runs.</summary>
internal static class TruthDocument
{
    private const string Introduction = """
        # How far the exporter can be believed

        This page is written by a program (`./eng/campaign.sh --write`) from the results of campaigns: real etcd clusters, really broken in ways
        drawn from a seed, with the exporter beside them. Nobody edits the numbers.

        - **Where the truth comes from.** From the injector, which knows what it did to whom and when, and from a client of its own that
          writes through every member and asks its status through etcd's JSON gateway: other connections, another protocol, other code.
        - **What is judged.** The state of every endpoint in every scrape, five per second: it must be one that the truth allows. A change
          must be seen within the probe timeout, two intervals and one second (plus what the machine of the campaign itself lost, which is
          measured); until then the old and the new state are both right. Leader, failure tolerance and writable, whenever they did not
          change for that long. Never a confirmed split brain or a violation of consistency that was not brought about. No endpoint accused
          that the client can use. In some episodes, the shipped alert rules with time shortened by a factor (no `for` below that bound), in a real Prometheus and
          Alertmanager: the expected pages and tickets come, and no other page.
        - **An episode is misjudged** when a single scrape of it is wrong.
        """;

    private const string Limits = """
        ## What cannot be told

        - A network that swallows packets looks like a process that is silent: `unresponsive` while connections are open, `unreachable` when new
          ones cannot be opened. Which of both it is, is not known from outside, and both words are taken as right.
        - Whether a member whose database hangs takes part in a quorum is not visible to its clients: it still saves what it is sent. The
          failure tolerance may count it or not, and both are taken as right; it is never negative while writes are acknowledged.
        - Where a login may not read etcd's status (3.5.30 and later 3.5 with auth, without the root role), nobody tells who leads: leader
          and leaderlessness are not judged there, and a member that is cut off from its peers shows only as one whose writes do not end.
        - How slow is slow: with delays of a disk or a network no state is demanded, but a state must be explained by what the independent
          client met at the same time. An endpoint through which that client could write nothing must not be called healthy.
        - What happens faster than the interval, such as a freeze of 300 ms, may be missed. It must not be called by a wrong name.
        - While the exporter itself is stopped or restarts, it says nothing; what it says afterwards is judged like all else.
        - A cluster of which one endpoint is probed and leads to another cluster now may have been restored under a new token, or the address may
          have been given to somebody else: nobody can tell. It is followed, and the log says so.
        - One key with wrong bytes on one member is found by comparing hashes only, which is off by default (`hash_check_interval`).
        """;

    public static string Write(IReadOnlyList<EpisodeResult> results)
    {
        var file = Path.Combine(Repository.Root, "docs", "truth.md");
        File.WriteAllText(file, string.Join('\n', Lines(results)) + "\n");
        return file;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<EpisodeResult> results)
    {
        var counted = results.Where(r => r.Void is null).ToList();
        var wrong = counted.Count(r => r.Misjudged.Count > 0);
        var alerting = counted.Where(r => r.Alerting).ToList();
        var releases = counted.SelectMany(r => r.Releases).Distinct().Order(StringComparer.Ordinal);
        int Pages(string word) => alerting.Count(r => r.Misjudged.Any(m => m.StartsWith("alerts: " + word, StringComparison.Ordinal)));
        return
        [
            Introduction,
            "",
            "## In short",
            "",
            Text($"- {counted.Count} episodes in {counted.Sum(r => r.Seconds) / 3600:0.0} hours of cluster time, between {First(counted):yyyy-MM-dd} and {Last(counted):yyyy-MM-dd}; **{wrong} misjudged**."),
            $"- etcd {string.Join(", ", releases)} (`3.5-root`: a release of 3.5 that shows its status to root only).",
            Text($"- {alerting.Count} of them with alerting: {Pages("page")} with a page that nothing explains, {Pages("no ")} with a page or ticket missing."),
            Text($"- {results.Count - counted.Count} more say nothing, because a cluster did not start or could not be repaired: no word of the exporter was judged."),
            "",
            "## Faults",
            "",
            "How often each was done, in how many episodes everything was told right, and how soon it was seen where one state was demanded.",
            "",
            .. FaultTable(counted),
            "",
            "## States",
            "",
            "Scrapes of times when nothing was changing: what was so, and which state the exporter said.",
            "",
            .. Tables.Matrix(counted),
            "",
            "## The cluster",
            "",
            "Scrapes in which a fact could be held against the truth.",
            "",
            "| fact | scrapes | episodes with a wrong one |",
            "|---|---:|---:|",
            .. Facts(counted),
            "",
            .. Variety(counted),
            "",
            Limits,
            "",
            "## Repeating it",
            "",
            "`./eng/campaign.sh --minutes 60 --seed 1` runs one hour; the same seed draws the same episodes. `--seed S --episode K` runs one of them",
            "again. Other releases of etcd: name their folders in `ETCD_RELEASES` or with `--etcd`.",
        ];
    }

    private static IEnumerable<string> FaultTable(IReadOnlyList<EpisodeResult> counted)
    {
        yield return "| fault | episodes | told right | releases | seen after, p50 s | max s |";
        yield return "|---|---:|---:|---|---:|---:|";
        foreach (var fault in Catalogue.All.Select(f => f.Name))
        {
            var tried = counted.Where(r => r.Faults.Contains(fault) && !r.NotApplied.Any(n => n.StartsWith(fault + ":", StringComparison.Ordinal))).ToList();
            var times = tried.SelectMany(r => r.Detections).Where(d => d.Fault == fault).Select(d => d.Seconds).OfType<double>().Order().ToList();
            var seen = times.Count == 0 ? " | " : Text($"{times[times.Count / 2]:0.0} | {times[^1]:0.0}");
            yield return Text(
                $"| {fault} | {tried.Count} | {tried.Count(r => r.Misjudged.Count == 0)} | {string.Join(", ", tried.SelectMany(r => r.Releases).Distinct().Order(StringComparer.Ordinal))} | {seen} |");
        }
    }

    private static IEnumerable<string> Facts(IReadOnlyList<EpisodeResult> counted) => counted.SelectMany(r => r.Compared).GroupBy(c => c.Key).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => Text($"| {g.Key} | {g.Sum(c => c.Value)} | {counted.Count(r => r.Misjudged.Any(m => m.Contains($"cluster {g.Key} ", StringComparison.Ordinal)))} |"));

    private static IEnumerable<string> Variety(IReadOnlyList<EpisodeResult> counted)
    {
        yield return "## Clusters";
        yield return "";
        yield return "| members | plain | TLS | auth |";
        yield return "|---:|---:|---:|---:|";
        foreach (var size in counted.GroupBy(r => r.Members).OrderBy(g => g.Key))
        {
            int With(string security) => size.Count(r => r.Security == security);
            yield return Text($"| {size.Key} | {With("plain")} | {With("tls")} | {With("auth")} |");
        }
    }

    private static DateTimeOffset First(IReadOnlyList<EpisodeResult> counted) => counted.Select(r => r.Began).DefaultIfEmpty().Min();

    private static DateTimeOffset Last(IReadOnlyList<EpisodeResult> counted) => counted.Select(r => r.Began).DefaultIfEmpty().Max();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
