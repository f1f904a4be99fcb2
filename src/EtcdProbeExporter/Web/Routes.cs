using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Status;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Web;

/// <summary>Which path is answered by what. A handful of paths needs no routing library.</summary>
/// <param name="served">What is served besides metrics, and where.</param>
/// <param name="metrics">Answers scrapes.</param>
/// <param name="members">The members that are probed now.</param>
/// <param name="errors">Gets what nobody foresaw.</param>
internal sealed class Routes(Served served, MetricsEndpoint metrics, Func<IEnumerable<MemberTarget>> members, InternalErrors errors)
{
    private readonly MemberMetricsEndpoint _memberMetrics = new(members);

    /// <summary>Answers one request. A defect in it ends this request and nothing else.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        Answers.SetCommonHeaders(context.Response);
        var path = context.Request.Path.Value ?? "/";
        try
        {
            await DispatchAsync(context, path);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // whoever asked has gone
        }
        catch (Exception e) when (e is not BadHttpRequestException) // that one is the client's, and the server answers it
        {
            errors.Report(path == served.TelemetryPath ? ExporterPart.Scrape : ExporterPart.Page, KnownPath(path), e);
            await FailAsync(context);
        }
    }

    private Task DispatchAsync(HttpContext context, string path)
    {
        if (path == served.TelemetryPath)
        {
            return metrics.HandleAsync(context);
        }

        return path switch
        {
            "/" => PageAsync(context),
            "/api/v1/status" => Answers.GetAsync(context, StatusCodes.Status200OK, Answers.Json, served.Status()),
            "/sd/etcd" => TargetsAsync(context),
            "/etcd/metrics" => _memberMetrics.HandleAsync(context),
            "/-/healthy" => Answers.GetAsync(context, StatusCodes.Status200OK, Answers.PlainText, "the exporter is running\n"),
            "/-/ready" => served.Ready()
                ? Answers.GetAsync(context, StatusCodes.Status200OK, Answers.PlainText, "ready: one round of every cluster is done\n")
                : Answers.GetAsync(context, StatusCodes.Status503ServiceUnavailable, Answers.PlainText, "not ready: the first round is not done\n"),
            "/-/reload" => ReloadAsync(context),
            _ => Answers.GetAsync(context, StatusCodes.Status404NotFound, Answers.PlainText, "not found\n"),
        };
    }

    private Task PageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = StatusPage.ContentSecurityPolicy;
        return Answers.GetAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", served.Page());
    }

    private Task TargetsAsync(HttpContext context)
    {
        var direct = context.Request.Query["direct"] == "true";
        if (ScrapedAt(context.Request) is not { } exporter)
        {
            if (!direct)
            {
                return Answers.GetAsync(
                    context,
                    StatusCodes.Status400BadRequest,
                    Answers.PlainText,
                    "the Host header is no host or host:port, and targets are made from it; ask under a proper address or set --web.external-url\n");
            }

            exporter = new ScrapeAddress("http", "", "");
        }

        return Answers.GetAsync(context, StatusCodes.Status200OK, Answers.Json, ServiceDiscovery.Write(members(), exporter, direct));
    }

    // The address under which the one who asks reaches us is the one under which it will scrape, unless somebody said another.
    private ScrapeAddress? ScrapedAt(HttpRequest request) =>
        served.ExternalUrl is { } url ? new ScrapeAddress(url.Scheme, url.Authority, url.AbsolutePath.TrimEnd('/'))
        : request.Host.Value is { } host && RequestOrigin.IsHost(host) ? new ScrapeAddress("http", host, "")
        : null;

    private async Task ReloadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await Answers.RefuseMethodAsync(context, "POST");
            return;
        }

        if (served.Reload is null)
        {
            await Answers.SendAsync(context, StatusCodes.Status403Forbidden, "reloading over HTTP needs --web.enable-lifecycle\n");
            return;
        }

        if (RequestOrigin.IsForeign(context.Request, served.ExternalUrl))
        {
            await Answers.SendAsync(context, StatusCodes.Status403Forbidden, "a page of another origin may not reload the configuration\n");
            return;
        }

        var errors = await served.Reload();
        await (errors.Count == 0
            ? Answers.SendAsync(context, StatusCodes.Status200OK, "configuration reloaded\n")
            : Answers.SendAsync(
                context, StatusCodes.Status500InternalServerError, $"the old configuration stays in force:\n{string.Join('\n', errors)}\n"));
    }

    private static async Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // the status is out already: only a broken connection still shows that this is not all
            return;
        }

        context.Response.Clear();
        Answers.SetCommonHeaders(context.Response);
        await Answers.SendAsync(context, StatusCodes.Status500InternalServerError, "a defect of the exporter; its log says more\n");
    }

    // What the client wrote has no place in the log.
    private string KnownPath(string path) =>
        path == served.TelemetryPath || path is "/" or "/api/v1/status" or "/sd/etcd" or "/etcd/metrics" or "/-/healthy" or "/-/ready" or "/-/reload"
            ? path
            : "another path";
}
