using System.Buffers;
using System.IO.Compression;
using EtcdProbeExporter.Metrics;
using Microsoft.Net.Http.Headers;

namespace EtcdProbeExporter.Web;

/// <summary>
/// Answers scrapes. The body is complete before the status line is sent, so a scrape gets all or an error, never a part.
/// </summary>
internal sealed partial class MetricsEndpoint(MetricRegistry registry, ILogger logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        try
        {
            PrometheusTextWriter.Write(registry.Collect(), body);
        }
        catch (Exception e)
        {
            Log.CollectFailed(logger, e);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync("collecting the metrics failed, see the log\n");
            return;
        }

        var response = context.Response;
        response.ContentType = PrometheusTextWriter.ContentType;
        response.Headers.Vary = "Accept, Accept-Encoding";
        var bytes = body.WrittenMemory;
        if (AcceptsGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            bytes = Gzip(bytes);
        }

        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    /// <summary>RFC 9110 section 12.5.3: gzip by name or by <c>*</c>, unless with a quality of 0; the name decides over the star.</summary>
    internal static bool AcceptsGzip(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var encodings))
        {
            return false;
        }

        var chosen = encodings.FirstOrDefault(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            ?? encodings.FirstOrDefault(e => e.Value.Equals("*", StringComparison.Ordinal));
        return chosen is not null && chosen.Quality is null or > 0;
    }

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> bytes)
    {
        using var compressed = new MemoryStream(bytes.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes.Span);
        }

        return compressed.ToArray();
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Error, "a scrape failed while metrics were collected")]
        public static partial void CollectFailed(ILogger logger, Exception exception);
    }
}
