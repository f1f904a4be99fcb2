using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace EtcdProbeExporter.Tests.Grpc;

/// <summary>A real HTTP/2 server in this process that misbehaves as a test tells it to: for faults that etcd itself does not produce.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcTestServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<GrpcTestServer> StartAsync(
        RequestDelegate handler,
        HttpProtocols protocols = HttpProtocols.Http2,
        X509Certificate2? certificate = null,
        Func<X509Certificate2?, bool>? acceptClient = null,
        IPEndPoint? listenOn = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(listenOn ?? new IPEndPoint(IPAddress.Loopback, 0), listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = certificate;
                    https.SslProtocols = SslProtocols.Tls13;
                    if (acceptClient is not null)
                    {
                        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                        https.ClientCertificateValidation = (client, _, _) => acceptClient(client);
                    }
                });
            }
        }));
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return new GrpcTestServer(app, bound);
    }

    /// <summary>Answers as a well-behaved gRPC server does.</summary>
    public static async Task AnswerAsync(HttpContext context, IMessage message)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(GrpcFrame.Encode(message));
        context.Response.AppendTrailer("grpc-status", "0");
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token); // a hanging request of a test must not hold the next one up
        await _app.DisposeAsync();
    }
}
