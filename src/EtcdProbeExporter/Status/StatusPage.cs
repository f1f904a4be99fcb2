using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>
/// The page for people: one document without external assets that is whole without JavaScript; with it the page replaces its content every
/// two seconds. What may run or be loaded is pinned by <see cref="ContentSecurityPolicy"/>.
/// </summary>
internal static class StatusPage
{
    private const int FailuresShown = 12;

    private static readonly string Style = Resource("page.css");
    private static readonly string Script = Resource("page.js");

    /// <summary>Nothing but our own style and script, by their hashes, and requests to ourselves.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="clusters">What is shown, in this order.</param>
    /// <param name="version">Of the exporter.</param>
    /// <param name="telemetryPath">Where the link to the metrics leads.</param>
    /// <param name="configuration">The effective one as text, secrets already hidden.</param>
    public static string Of(IReadOnlyList<ClusterStatus> clusters, string version, string telemetryPath, string configuration)
    {
        var healthy = clusters.All(c => c.IsHealthy);
        var html = new HtmlText();
        html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{(healthy ? "OK" : "PROBLEM")} - etcd probe exporter</title>
            """);
        html.AddLiteral("\n<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n<style>").AddLiteral(Style).AddLiteral("</style>\n</head>\n<body>\n");
        html.AddLiteral("<main id=\"status\">\n");
        html.Add($"<header><h1>etcd probe exporter</h1><p class=\"muted\">version {version}, as of {Clock(clusters)}</p></header>\n");
        foreach (var cluster in clusters)
        {
            Write(html, cluster);
        }

        html.AddLiteral("</main>\n<footer>\n");
        html.Add($"<p><a href=\"{telemetryPath}\">Metrics</a> <a href=\"/api/v1/status\">This page as JSON</a> <a href=\"/sd/etcd\">Targets for Prometheus</a> ");
        html.Add($"<a href=\"{Finding.RunbookFolder}\">Runbooks</a></p>\n");
        html.Add($"<details><summary>Configuration in force</summary><pre>{configuration}</pre></details>\n");
        html.AddLiteral("</footer>\n<script>").AddLiteral(Script).AddLiteral("</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void Write(HtmlText html, ClusterStatus status)
    {
        var report = status.Report;
        html.Add($"<section class=\"cluster\">\n<h2><span class=\"badge {Class(status)}\">{Word(status)}</span> {report.Probes.Name}</h2>\n");
        html.Add($"<p>{Wording.Summary(report)}</p>\n");
        if (report.Probes.Operations.Any(o => o.Last is not null))
        {
            html.AddLiteral("<p class=\"muted\">through any endpoint: ");
            html.Add($"{string.Join(", ", report.Probes.Operations.Select(o => $"{Wording.Of(o.Operation)} {Wording.Of(o)}"))}</p>\n");
        }

        WriteFindings(html, status);
        WriteProbes(html, report);
        if (report.Probes.HasMembers)
        {
            WriteMembers(html, report);
        }

        WriteFailures(html, report);
        html.AddLiteral("</section>\n");
    }

    private static void WriteFindings(HtmlText html, ClusterStatus status)
    {
        if (status.Findings.Count == 0)
        {
            html.AddLiteral("<p>Nothing is wrong.</p>\n");
            return;
        }

        html.AddLiteral("<ul class=\"findings\">\n");
        foreach (var finding in status.Findings)
        {
            var level = StatusJson.Label(finding.Level);
            html.Add($"<li class=\"{level}\"><strong>{level}</strong> {finding.Text} <a href=\"{finding.RunbookUrl.ToString()}\">{finding.Runbook}</a></li>\n");
        }

        html.AddLiteral("</ul>\n");
    }

    private static void WriteProbes(HtmlText html, ClusterReport report)
    {
        html.AddLiteral("""
            <table>
            <thead><tr><th>Endpoint</th><th>Name</th><th>State</th><th>Put</th><th>Get</th><th>Local read</th><th>Status</th><th>Recent probes</th></tr></thead>
            <tbody>

            """);
        foreach (var (probes, state) in report.Endpoints)
        {
            html.Add($"<tr><th data-of=\"Endpoint\">{probes.Address.Label}</th><td data-of=\"Name\">{Wording.Behind(probes, report.View)}</td>");
            html.Add($"<td data-of=\"State\"><span class=\"badge {Class(state)}\">{state.Label()}</span></td>");
            foreach (var operation in (ProbeOperation[])[ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status])
            {
                var probe = probes.Operation(operation);
                html.Add($"<td data-of=\"{Wording.Of(operation)}\" class=\"{(probe?.Last is { Succeeded: false } ? "bad" : "")}\">{Wording.OfRunning(probe)}</td>");
            }

            html.AddLiteral("<td data-of=\"Recent\">");
            HistoryStrip.Write(html, HistoryStrip.Telling(probes));
            html.AddLiteral("</td></tr>\n");
        }

        html.AddLiteral("</tbody></table>\n");
    }

    private static void WriteMembers(HtmlText html, ClusterReport report)
    {
        html.AddLiteral("""
            <table>
            <thead><tr><th>Endpoint</th><th>ID</th><th>Version</th><th>DB size</th><th>Leader</th><th>Learner</th><th>Term</th><th>Index</th><th>Applied</th><th>Errors</th></tr></thead>
            <tbody>

            """);
        var twoClaims = report.View.Claims.Count > 1;
        foreach (var (probes, _) in report.Endpoints.Where(e => e.Probes.Kind.SpeaksForAMember()))
        {
            html.Add($"<tr><th data-of=\"Endpoint\">{probes.Address.Label}</th>");
            if (probes.Status is { } status)
            {
                html.Add($"<td data-of=\"ID\">{EtcdId.Format(status.MemberId)}</td><td data-of=\"Version\">{Wording.OfVersion(status)}</td>");
                html.Add($"<td data-of=\"DB size\">{Wording.OfSize(status)}</td>");
                html.Add($"<td data-of=\"Leader\" class=\"{(twoClaims && status.ClaimsLeadership ? "bad" : "")}\">{Bool(status.ClaimsLeadership)}</td>");
                html.Add($"<td data-of=\"Learner\">{Bool(status.IsLearner)}</td><td data-of=\"Term\">{status.Term}</td>");
                html.Add($"<td data-of=\"Index\">{status.RaftIndex}</td><td data-of=\"Applied\">{status.RaftAppliedIndex}</td>");
                html.Add($"<td data-of=\"Errors\">{string.Join("; ", status.Errors)}</td></tr>\n");
            }
            else
            {
                html.Add($"<td data-of=\"ID\">{(probes.LastMemberId is { } id ? EtcdId.Format(id) : "")}</td><td colspan=\"8\" class=\"muted\">does not answer</td></tr>\n");
            }
        }

        html.AddLiteral("</tbody></table>\n");
    }

    private static void WriteFailures(HtmlText html, ClusterReport report)
    {
        var failures = report.Endpoints
            .SelectMany(e => e.Probes.Operations.SelectMany(o => o.Recent.Where(p => p.Failure is not null).Select(p => (e.Probes.Address.Label, o.Operation, Probe: p))))
            .OrderByDescending(f => f.Probe.EndedAt)
            .Take(FailuresShown)
            .ToList();
        if (failures.Count == 0)
        {
            return;
        }

        html.AddLiteral("<details open><summary>Last failures</summary>\n<table>\n<thead><tr><th>Time (UTC)</th><th>Endpoint</th><th>Operation</th><th>Reason</th><th>After</th><th>Detail</th></tr></thead>\n<tbody>\n");
        foreach (var (endpoint, operation, probe) in failures)
        {
            html.Add($"<tr><td data-of=\"Time (UTC)\">{Clock(probe.EndedAt)}</td><td data-of=\"Endpoint\">{endpoint}</td>");
            html.Add($"<td data-of=\"Operation\">{Wording.Of(operation)}</td><td data-of=\"Reason\">{probe.Failure?.Label()}</td>");
            html.Add($"<td data-of=\"After\">{Wording.Of(probe.Duration)}</td><td data-of=\"Detail\">{probe.Detail}</td></tr>\n");
        }

        html.AddLiteral("</tbody></table></details>\n");
    }

    private static string Class(EndpointState state) => state switch
    {
        EndpointState.Healthy => "ok",
        EndpointState.Slow or EndpointState.Defragmenting or EndpointState.Learner or EndpointState.Unknown => "warning",
        _ => "critical",
    };

    private static string Class(ClusterStatus status) => status.IsHealthy ? "ok"
        : status.Findings[0].Level == FindingLevel.Critical ? "critical" : "warning";

    private static string Word(ClusterStatus status) => status.IsHealthy ? "healthy" : StatusJson.Label(status.Findings[0].Level);

    private static string Clock(IReadOnlyList<ClusterStatus> clusters) =>
        clusters.Count > 0 ? clusters.Max(c => c.Report.Probes.TakenAt).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : "never";

    private static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Hash(string content) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string Resource(string name)
    {
        using var stream = typeof(StatusPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
