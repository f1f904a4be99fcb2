using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>
/// Clusters as JSON: <c>check -o json</c> and <c>/api/v1/status</c>. The schema is <c>docs/status.schema.json</c>. 64-bit ids are hexadecimal
/// strings, as etcd logs them, because JSON numbers lose bits; durations are seconds; what is not known is null, never missing.
/// </summary>
internal static class StatusJson
{
    public static byte[] Of(IReadOnlyList<ClusterStatus> clusters)
    {
        using var buffer = new MemoryStream();
        // The relaxed encoder leaves "<" and non-ASCII as they are: this is served as application/json and never put into HTML.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteBoolean("healthy", clusters.All(c => c.IsHealthy));
            json.WriteStartArray("clusters");
            foreach (var cluster in clusters)
            {
                Write(json, cluster);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ClusterStatus status)
    {
        var (report, view) = (status.Report, status.Report.View);
        json.WriteStartObject();
        json.WriteString("name", report.Probes.Name);
        json.WriteString("taken_at", report.Probes.TakenAt);
        json.WriteBoolean("healthy", status.IsHealthy);
        Write(json, "writable", report.Probes.Writable);
        Write(json, "cluster_id", view.MainClusterId);
        WriteLeader(json, view);
        WriteNumber(json, "raft_term", view.MaxTerm);
        Write(json, "voters", view.Voters?.Count);
        Write(json, "learners", view.Learners);
        Write(json, "healthy_voters", view.HealthyVoters);
        Write(json, "answering_voters", view.AnsweringVoters);
        Write(json, "quorum_size", view.QuorumSize);
        Write(json, "failure_tolerance", view.FailureTolerance);
        json.WriteStartObject("split_brain");
        json.WriteString("verdict", report.SplitBrain.State.Label());
        json.WriteString("evidence", report.SplitBrain.Evidence);
        json.WriteEndObject();
        WriteOperations(json, report.Probes.Operations);
        json.WriteStartArray("endpoints");
        foreach (var endpoint in report.Endpoints)
        {
            Write(json, endpoint, view);
        }

        json.WriteEndArray();
        json.WriteStartArray("findings");
        foreach (var finding in status.Findings)
        {
            json.WriteStartObject();
            json.WriteString("level", Label(finding.Level));
            json.WriteString("endpoint", finding.Endpoint);
            json.WriteString("text", finding.Text);
            json.WriteString("runbook", finding.Runbook);
            json.WriteString("runbook_url", finding.RunbookUrl.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string Label(FindingLevel level) => level switch
    {
        FindingLevel.Critical => "critical",
        FindingLevel.Warning => "warning",
        _ => "info",
    };

    private static void WriteLeader(Utf8JsonWriter json, ClusterView view)
    {
        if (view.Leader is not { } leader)
        {
            json.WriteNull("leader");
            return;
        }

        json.WriteStartObject("leader");
        json.WriteString("member_id", EtcdId.Format(leader.MemberId));
        json.WriteString("name", leader.MemberName);
        json.WriteString("endpoint", leader.Endpoint);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MonitoredEndpoint endpoint, ClusterView view)
    {
        var (probes, state) = endpoint;
        var status = probes.Status;
        json.WriteStartObject();
        json.WriteString("endpoint", probes.Address.Label);
        json.WriteString("source", probes.Source == EndpointSource.Configured ? "configured" : "discovered");
        json.WriteString("kind", probes.Kind?.Label());
        json.WriteString("state", state.Label());
        json.WriteString("stall", endpoint.Stall?.Label());
        json.WriteString("name", Wording.NameOf(probes, view));
        Write(json, "member_id", status?.MemberId ?? probes.LastMemberId);
        json.WriteString("version", status?.Version);
        Write(json, "db_size_bytes", status?.DbSize);
        Write(json, "db_size_in_use_bytes", status?.DbSizeInUse);
        Write(json, "db_quota_bytes", status?.DbSizeQuota);
        json.WriteString("storage_version", status?.StorageVersion);
        json.WriteString("downgrade_target", status?.DowngradeTarget);
        Write(json, "is_leader", status?.ClaimsLeadership);
        Write(json, "is_learner", status?.IsLearner);
        WriteNumber(json, "raft_term", status?.Term);
        WriteNumber(json, "raft_index", status?.RaftIndex);
        WriteNumber(json, "raft_applied_index", status?.RaftAppliedIndex);
        Write(json, "revision", status?.Revision);
        json.WriteStartArray("errors");
        foreach (var error in status?.Errors ?? [])
        {
            json.WriteStringValue(error);
        }

        json.WriteEndArray();
        WriteOperations(json, probes.Operations);
        json.WriteEndObject();
    }

    private static void WriteOperations(Utf8JsonWriter json, IReadOnlyList<OperationSnapshot> operations)
    {
        json.WriteStartObject("operations");
        foreach (var operation in operations)
        {
            var last = operation.Last;
            json.WriteStartObject(operation.Operation.Label());
            Write(json, "success", last?.Succeeded);
            if (last is null)
            {
                json.WriteNull("duration_seconds");
            }
            else
            {
                json.WriteNumber("duration_seconds", Math.Round(last.Duration.TotalSeconds, 6));
            }

            json.WriteString("reason", last?.Failure?.Label());
            json.WriteString("detail", last is { Succeeded: false } ? last.Detail : null);
            json.WriteString("ended_at", last?.EndedAt.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("last_success_at", operation.LastSuccessAt?.ToString("O", CultureInfo.InvariantCulture));
            json.WriteNumber("in_flight_seconds", Math.Round(operation.InFlight.TotalSeconds, 3));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, ulong? id) => json.WriteString(name, id is { } known ? EtcdId.Format(known) : null);

    private static void WriteNumber(Utf8JsonWriter json, string name, ulong? value) => Write(json, name, (long?)value);
}
