using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EtcdProbeExporter.Harness;

/// <summary>
/// Stands before a real member and passes every call through, but for watches while it is deaf: these are accepted and get nothing. etcd
/// itself cannot be made to do that without its failpoints.
/// </summary>
internal sealed class DeafProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _member = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
    private CancellationTokenSource? _deaf;

    private DeafProxy(WebApplication app, int port)
    {
        _app = app;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }

    /// <summary>host:port, the label of the endpoint.</summary>
    public string Endpoint { get; }

    public static async Task<DeafProxy> StartAsync(EtcdMember member)
    {
        var port = Ports.Next();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var proxy = new DeafProxy(app, port);
        app.Run(context => proxy.PassAsync(context, $"http://{member.Endpoint}"));
        await app.StartAsync();
        return proxy;
    }

    /// <summary>From now on watches get nothing more.</summary>
    public void BeDeaf() => _deaf = new CancellationTokenSource();

    /// <summary>Ends the silent watches; new ones are passed through.</summary>
    public void Hear() => Interlocked.Exchange(ref _deaf, null)?.Cancel();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _member.Dispose();
    }

    private async Task PassAsync(HttpContext context, string member)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, member + context.Request.Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new Passed(context.Request.Body),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        using var answer = await _member.SendAsync(request, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        foreach (var (name, values) in answer.Headers.Where(h => h.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = values.ToArray(); // an answer of trailers only
        }

        var watch = context.Request.Path.Value!.EndsWith("/Watch", StringComparison.Ordinal);
        var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var block = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(block, context.RequestAborted)) > 0;)
        {
            if (watch && _deaf is { } deaf)
            {
                await Task.Delay(Timeout.Infinite, deaf.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                context.Abort();
                return;
            }

            await context.Response.Body.WriteAsync(block.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        foreach (var (name, values) in answer.TrailingHeaders)
        {
            context.Response.AppendTrailer(name, values.ToArray());
        }
    }

    /// <summary>Sends on what comes as soon as it comes: a watch goes on asking while it is answered.</summary>
    private sealed class Passed(Stream body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 * 1024];
            for (int read; (read = await body.ReadAsync(block)) > 0;)
            {
                await stream.WriteAsync(block.AsMemory(0, read));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
