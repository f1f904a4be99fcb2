using System.Globalization;
using System.Net.Security;
using System.Text;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.MemberMetrics;

/// <summary>
/// <c>/etcd/metrics</c>: a member's own metrics, fetched with the cluster's TLS identity and passed through unchanged. Only members that are
/// probed can be asked for: the caller names an endpoint, never an address, so this is no proxy to anywhere else.
/// </summary>
/// <param name="targets">The members that are probed now.</param>
internal sealed class MemberMetricsEndpoint(Func<IEnumerable<MemberTarget>> targets)
{
    /// <summary>etcd's exposition is some 200 kB; what is a hundred times that is not etcd's.</summary>
    public const int LargestBody = 16 * 1024 * 1024;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10); // Prometheus' own

    /// <summary>What is left of Prometheus' timeout for the answer to reach it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET";
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET");
            return;
        }

        var (cluster, endpoint) = (context.Request.Query["cluster"].ToString(), context.Request.Query["endpoint"].ToString());
        var target = targets().FirstOrDefault(t => t.Cluster.Name == cluster && t.Endpoint.Label == endpoint);
        if (target is null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "no member is probed under this cluster and endpoint; /sd/etcd lists them");
            return;
        }

        var timeout = TimeoutOf(context.Request.Headers["X-Prometheus-Scrape-Timeout-Seconds"].ToString());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(timeout);
        try
        {
            var (status, contentType, body) = await FetchAsync(target, context.Request.Headers.Accept.ToString(), deadline.Token);
            if (status != StatusCodes.Status200OK)
            {
                await RefuseAsync(context, StatusCodes.Status502BadGateway, $"{endpoint} answered {status} for its metrics");
                return;
            }

            context.Response.ContentType = contentType;
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, StatusCodes.Status504GatewayTimeout, FormattableString.Invariant($"{endpoint} did not send its metrics within {timeout.TotalSeconds:0.##} s"));
        }
        catch (OperationCanceledException)
        {
            // nobody waits for the answer any more
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            await RefuseAsync(context, StatusCodes.Status502BadGateway, $"{endpoint} cannot be asked for its metrics: {(e.InnerException ?? e).Message}");
        }
    }

    /// <summary>What may be spent on the member: what the scraper said it waits, less a margin for our own part.</summary>
    internal static TimeSpan TimeoutOf(string header)
    {
        if (!double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is not (> 0 and < 3600))
        {
            return DefaultTimeout;
        }

        var left = TimeSpan.FromSeconds(seconds) - Margin;
        return left > ShortestTimeout ? left : ShortestTimeout;
    }

    /// <summary>A connection per scrape: four handshakes a minute cost nothing, and renewed certificate files always count.</summary>
    private static async Task<(int Status, string? ContentType, byte[] Body)> FetchAsync(MemberTarget target, string accept, CancellationToken cancellationToken)
    {
        var url = target.MetricsUrl;
        var credentials = url.Scheme == Uri.UriSchemeHttps ? target.Credentials.Tls : null;
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false, // a redirect could lead anywhere, with our certificate
            SslOptions = Options(credentials, url.Host),
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestBody };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (accept.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        // Read to its end before a byte is passed on: half an exposition with status 200 would look like series that vanished.
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static SslClientAuthenticationOptions Options(TlsCredentials? credentials, string host)
    {
        if (credentials is null)
        {
            return new SslClientAuthenticationOptions();
        }

        var options = credentials.ToOptions(host);
        options.ApplicationProtocols = [SslApplicationProtocol.Http11]; // a plain GET, also where metrics have a listener of their own
        return options;
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        var bytes = Encoding.UTF8.GetBytes(why + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        return context.Response.Body.WriteAsync(bytes).AsTask();
    }
}
