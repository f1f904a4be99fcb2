using System.Buffers;
using System.Globalization;
using System.Text;
using EtcdProbeExporter.Fetching;

namespace EtcdProbeExporter.MemberMetrics;

/// <summary>
/// <c>/etcd/metrics</c>: a member's own metrics, fetched with the cluster's TLS identity and passed through unchanged. Only members that are
/// probed can be asked for: the caller names an endpoint, never an address, so this is no proxy to anywhere else. The body goes through in
/// blocks; when the member breaks off or says too much the connection is broken too, so that nobody takes half an exposition for a whole one.
/// </summary>
/// <param name="targets">The members that are probed now.</param>
internal sealed class MemberMetricsEndpoint(Func<IEnumerable<MemberTarget>> targets)
{
    private const int BlockSize = 64 * 1024;
    private const int LongestReason = 300;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10); // Prometheus' own

    /// <summary>What is left of Prometheus' timeout for the answer to reach it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>No scraper waits longer, and for so long the others wait for their turn.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(2);

    private readonly FetchTurns _turns = new();

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
            await InTurnAsync(context, target, deadline.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await EndAsync(
                context,
                StatusCodes.Status504GatewayTimeout,
                FormattableString.Invariant($"{endpoint} did not send its metrics within {timeout.TotalSeconds:0.##} s"));
        }
        catch (OperationCanceledException)
        {
            // nobody waits for the answer any more
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var why = (e.InnerException ?? e).Message; // may hold what the peer wrote
            await EndAsync(
                context,
                StatusCodes.Status502BadGateway,
                $"{endpoint} cannot be asked for its metrics: {(why.Length > LongestReason ? why[..LongestReason] : why)}");
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
        return left > LongestTimeout ? LongestTimeout : left > ShortestTimeout ? left : ShortestTimeout;
    }

    private async Task InTurnAsync(HttpContext context, MemberTarget target, CancellationToken cancellationToken)
    {
        // Cluster names hold no line break, so that no two members share a queue.
        using var turn = await _turns.TakeAsync($"{target.Cluster.Name}\n{target.Endpoint.Label}", cancellationToken);
        if (turn is null)
        {
            context.Response.Headers.RetryAfter = "1";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"too many ask for the metrics of {target.Endpoint.Label} at once");
            return;
        }

        using var fetch = await MemberFetch.StartAsync(target.MetricsUrl, target.Credentials.Tls, context.Request.Headers.Accept.ToString(), cancellationToken);
        if (fetch.Objection is { } objection)
        {
            await RefuseAsync(context, StatusCodes.Status502BadGateway, $"{target.Endpoint.Label} {objection}");
            return;
        }

        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await PassOnAsync(context.Response, fetch, block.AsMemory(0, BlockSize), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static async Task PassOnAsync(HttpResponse response, MemberFetch fetch, Memory<byte> block, CancellationToken cancellationToken)
    {
        var total = 0L;
        int length;
        do
        {
            // A whole block before anything is sent: most of what can go wrong does so before, and is then reported with a status.
            length = await fetch.Body.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            total += length;
            if (total > MemberFetch.LargestBody)
            {
                throw new IOException($"it sends more than {MemberFetch.LargestBody / 1024 / 1024} MiB");
            }

            if (total == length)
            {
                response.ContentType = fetch.ContentType;
                response.ContentLength = fetch.Length;
                if (fetch.ContentEncoding is { } encoding)
                {
                    response.Headers.ContentEncoding = encoding;
                }
            }

            await response.Body.WriteAsync(block[..length], cancellationToken);
        }
        while (length == block.Length);
    }

    /// <summary>An error with its reason, or a broken connection where part of the body is out already.</summary>
    private static Task EndAsync(HttpContext context, int status, string why)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Headers.ContentEncoding = default;
        return RefuseAsync(context, status, why);
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
