using System.IO.Compression;
using EtcdProbeExporter.Metrics;
using EtcdProbeExporter.Supervision;

namespace EtcdProbeExporter.Web;

/// <summary>
/// <c>GET /metrics</c>. The whole body is rendered before the status line is sent, so a scrape is complete or it is an error; scrapes
/// may overlap.
/// </summary>
internal sealed class MetricsEndpoint(MetricRegistry registry, InternalErrors errors)
{
    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }

        var format = FormatNegotiation.Select(context.Request.GetTypedHeaders().Accept);
        using var body = new PooledBuffer();
        try
        {
            format.Write(registry.Collect(), body);
        }
        catch (Exception e)
        {
            errors.Report(ExporterPart.Scrape, "collecting the metrics", e);
            response.StatusCode = StatusCodes.Status500InternalServerError;
            response.ContentType = "text/plain; charset=utf-8";
            await SendAsync(context, "Collecting the metrics failed; the exporter's log says why.\n"u8.ToArray());
            return;
        }

        response.ContentType = format.ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (GzipNegotiation.Accepts(context.Request.GetTypedHeaders().AcceptEncoding))
        {
            response.Headers.ContentEncoding = "gzip";
            await SendAsync(context, Compress(body.Written.Span));
            return;
        }

        await SendAsync(context, body.Written);
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlySpan<byte> body)
    {
        // Label sets repeat line by line: about a tenth is left even at the fastest level.
        var compressed = new MemoryStream(body.Length / 8);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    private static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
