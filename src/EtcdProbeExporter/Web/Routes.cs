using System.Text;
using EtcdProbeExporter.MemberMetrics;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Web;

/// <summary>Which path is answered by what. A handful of paths needs no routing library.</summary>
/// <param name="telemetryPath">Where metrics are.</param>
/// <param name="metrics">Answers there.</param>
/// <param name="members">The members that are probed now.</param>
/// <param name="page">The status page as it is now.</param>
/// <param name="status">The same as JSON.</param>
/// <param name="ready">Whether one round of every cluster is done.</param>
/// <param name="reload">Reloads the configuration and returns why it could not; null when that is switched off.</param>
internal sealed class Routes(
    string telemetryPath,
    MetricsEndpoint metrics,
    Func<IEnumerable<MemberTarget>> members,
    Func<string> page,
    Func<byte[]> status,
    Func<bool> ready,
    Func<Task<IReadOnlyList<string>>>? reload)
{
    private readonly MemberMetricsEndpoint _memberMetrics = new(members);

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path == telemetryPath)
        {
            return metrics.HandleAsync(context);
        }

        return path switch
        {
            "/" => PageAsync(context),
            "/api/v1/status" => GetAsync(context, StatusCodes.Status200OK, "application/json", status()),
            "/sd/etcd" => GetAsync(context, StatusCodes.Status200OK, "application/json", Targets(context.Request)),
            "/etcd/metrics" => _memberMetrics.HandleAsync(context),
            "/-/healthy" => GetAsync(context, StatusCodes.Status200OK, PlainText, "the exporter is running\n"),
            "/-/ready" => ready()
                ? GetAsync(context, StatusCodes.Status200OK, PlainText, "ready: one round of every cluster is done\n")
                : GetAsync(context, StatusCodes.Status503ServiceUnavailable, PlainText, "not ready: the first round is not done\n"),
            "/-/reload" => ReloadAsync(context),
            _ => GetAsync(context, StatusCodes.Status404NotFound, PlainText, "not found\n"),
        };
    }

    // The address under which the one who asks reaches us is the one under which it will scrape.
    private byte[] Targets(HttpRequest request) =>
        ServiceDiscovery.Write(members(), request.Host.Value ?? "", request.Query["direct"] == "true");

    private Task PageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy = StatusPage.ContentSecurityPolicy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return GetAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", page());
    }

    private async Task ReloadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            Refuse(context, "POST");
            return;
        }

        if (reload is null)
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden, PlainText, "reloading over HTTP needs --web.enable-lifecycle\n");
            return;
        }

        var errors = await reload();
        await (errors.Count == 0
            ? AnswerAsync(context, StatusCodes.Status200OK, PlainText, "configuration reloaded\n")
            : AnswerAsync(
                context,
                StatusCodes.Status500InternalServerError,
                PlainText,
                $"the old configuration stays in force:\n{string.Join('\n', errors)}\n"));
    }

    private const string PlainText = "text/plain; charset=utf-8";

    private static Task GetAsync(HttpContext context, int status, string contentType, string body) =>
        GetAsync(context, status, contentType, Encoding.UTF8.GetBytes(body));

    private static Task GetAsync(HttpContext context, int status, string contentType, byte[] body)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            return AnswerAsync(context, status, contentType, body);
        }

        Refuse(context, "GET, HEAD");
        return Task.CompletedTask;
    }

    private static void Refuse(HttpContext context, string allowed)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
    }

    private static Task AnswerAsync(HttpContext context, int status, string contentType, string body) =>
        AnswerAsync(context, status, contentType, Encoding.UTF8.GetBytes(body));

    private static Task AnswerAsync(HttpContext context, int status, string contentType, byte[] bytes)
    {
        context.Response.Headers.CacheControl = "no-store"; // all of it is of this moment
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes).AsTask();
    }
}
