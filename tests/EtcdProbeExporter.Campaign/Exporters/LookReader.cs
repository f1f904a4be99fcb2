using System.Globalization;

namespace EtcdProbeExporter.Campaign.Exporters;

/// <summary>
/// Takes from an exposition what is judged. It reads five times a second: a strict reader of everything (tests have one) would take more of
/// two cores than the clusters.
/// </summary>
internal static class LookReader
{
    private const string Prefix = "etcd_probe_";

    public static Look Read(string text, TimeSpan sent, TimeSpan received)
    {
        var states = new Dictionary<string, string>();
        var kinds = new Dictionary<string, string>();
        var verdicts = new List<string>();
        var violations = new Dictionary<string, double>();
        var errors = new Dictionary<string, double>();
        var plain = new Dictionary<string, double>();
        string? leader = null, leaderEndpoint = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var end = line.IndexOfAny('{', ' ');
            switch (line[Prefix.Length..end])
            {
                case "endpoint_state" when Value(line) == 1:
                    var (endpoint, state) = (Label(line, "etcd_endpoint"), Label(line, "state"));
                    states[endpoint] = states.TryGetValue(endpoint, out var other) ? $"{other}+{state}" : state;
                    break;
                case "endpoint_info" when Value(line) == 1:
                    kinds[Label(line, "etcd_endpoint")] = Label(line, "kind");
                    break;
                case "cluster_split_brain" when Value(line) == 1:
                    verdicts.Add(Label(line, "state"));
                    break;
                case "consistency_violations_total" when Value(line) > 0:
                    violations[Label(line, "kind")] = Value(line);
                    break;
                case "exporter_internal_errors_total" when Value(line) > 0:
                    errors[Label(line, "where")] = Value(line);
                    break;
                case "cluster_leader_info" when Value(line) == 1:
                    (leader, leaderEndpoint) = (Label(line, "leader_id"), Label(line, "leader_endpoint"));
                    break;
                case "cluster_has_leader" or "cluster_failure_tolerance" or "cluster_writable" or "cluster_leaders_claimed":
                    plain[line[Prefix.Length..end].ToString()] = Value(line);
                    break;
                case "cluster_members" when Label(line, "role") == "voter":
                    plain["voters"] = Value(line);
                    break;
                default:
                    break;
            }
        }

        double? Plain(string name) => plain.TryGetValue(name, out var value) ? value : null;
        return new Look(sent, received)
        {
            States = states,
            Kinds = kinds,
            Verdicts = verdicts,
            Violations = violations,
            InternalErrors = errors,
            LeaderId = leader,
            LeaderEndpoint = leaderEndpoint,
            HasLeader = Plain("cluster_has_leader"),
            Tolerance = Plain("cluster_failure_tolerance"),
            Writable = Plain("cluster_writable"),
            LeadersClaimed = Plain("cluster_leaders_claimed"),
            Voters = Plain("voters"),
        };
    }

    private static double Value(ReadOnlySpan<char> line) =>
        double.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    // No value of a label that is read here has anything to escape.
    private static string Label(ReadOnlySpan<char> line, string name)
    {
        var from = line.IndexOf($"{name}=\"", StringComparison.Ordinal);
        if (from < 0)
        {
            return "";
        }

        var value = line[(from + name.Length + 2)..];
        return value[..value.IndexOf('"')].ToString();
    }
}
