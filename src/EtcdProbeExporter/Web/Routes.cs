using System.Text;
using System.Text.Encodings.Web;

namespace EtcdProbeExporter.Web;

/// <summary>Which path is answered by what. Five paths need no routing library.</summary>
internal sealed class Routes(string telemetryPath, MetricsEndpoint metrics, Func<bool> ready)
{
    private readonly string _landingPage = LandingPage(telemetryPath);

    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        var path = context.Request.Path.Value ?? "/";
        if (path == telemetryPath)
        {
            return metrics.HandleAsync(context);
        }

        return path switch
        {
            "/" => AnswerAsync(context, StatusCodes.Status200OK, "text/html; charset=utf-8", _landingPage),
            "/-/healthy" => AnswerAsync(context, StatusCodes.Status200OK, PlainText, "the exporter is running\n"),
            "/-/ready" => ready()
                ? AnswerAsync(context, StatusCodes.Status200OK, PlainText, "ready: one round of every cluster is done\n")
                : AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, PlainText, "not ready: the first round is not done\n"),
            _ => AnswerAsync(context, StatusCodes.Status404NotFound, PlainText, "not found\n"),
        };
    }

    private const string PlainText = "text/plain; charset=utf-8";

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
