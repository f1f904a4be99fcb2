using System.Text;
using System.Text.Encodings.Web;

namespace EtcdProbeExporter.Web;

/// <summary>Which path is answered by what. A handful of paths needs no routing library.</summary>
/// <param name="telemetryPath">Where metrics are.</param>
/// <param name="metrics">Answers there.</param>
/// <param name="ready">Whether one round of every cluster is done.</param>
/// <param name="reload">Reloads the configuration and returns why it could not; null when that is switched off.</param>
internal sealed class Routes(string telemetryPath, MetricsEndpoint metrics, Func<bool> ready, Func<Task<IReadOnlyList<string>>>? reload)
{
    private readonly string _landingPage = LandingPage(telemetryPath);

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path == telemetryPath)
        {
            return metrics.HandleAsync(context);
        }

        return path switch
        {
            "/" => GetAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", _landingPage),
            "/-/healthy" => GetAsync(context, StatusCodes.Status200OK, PlainText, "the exporter is running\n"),
            "/-/ready" => ready()
                ? GetAsync(context, StatusCodes.Status200OK, PlainText, "ready: one round of every cluster is done\n")
                : GetAsync(context, StatusCodes.Status503ServiceUnavailable, PlainText, "not ready: the first round is not done\n"),
            "/-/reload" => ReloadAsync(context),
            _ => GetAsync(context, StatusCodes.Status404NotFound, PlainText, "not found\n"),
        };
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

    private static Task GetAsync(HttpContext context, int status, string contentType, string body)
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

    private static Task AnswerAsync(HttpContext context, int status, string contentType, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(bytes).AsTask();
    }

    private static string LandingPage(string telemetryPath) => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>etcd probe exporter</title></head>
        <body>
        <h1>etcd probe exporter</h1>
        <ul>
        <li><a href="{HtmlEncoder.Default.Encode(telemetryPath)}">Metrics</a></li>
        <li><a href="/-/healthy">Health of the exporter</a></li>
        <li><a href="/-/ready">Readiness of the exporter</a></li>
        </ul>
        </body>
        </html>

        """;
}
