using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EtcdProbeExporter.Harness;

/// <summary>Where Alertmanager sends its notifications: remembers each alert by receiver, labels and status.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Delivered> _delivered = new();

    private WebhookReceiver(WebApplication app, int port)
    {
        _app = app;
        Url = $"http://127.0.0.1:{port}";
    }

    public string Url { get; }

    public IReadOnlyCollection<Delivered> All => _delivered;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var port = Ports.Next();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, port);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The alerts that a receiver was told of last as firing, without those that were resolved since.</summary>
    public IReadOnlyList<Delivered> Firing(string receiver) =>
    [
        .. _delivered.Where(d => d.Receiver == receiver)
            .GroupBy(d => string.Join(',', d.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)))
            .Select(g => g.Last())
            .Where(d => d.Status == "firing"),
    ];

    /// <summary>Names of all alerts that ever reached a receiver.</summary>
    public IReadOnlyList<string> EverAt(string receiver) => [.. _delivered.Where(d => d.Receiver == receiver).Select(d => d.Name).Distinct().Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        foreach (var alert in body.RootElement.GetProperty("alerts").EnumerateArray())
        {
            _delivered.Enqueue(new Delivered(
                context.Request.Path.Value!.TrimStart('/'),
                alert.GetProperty("status").GetString()!,
                Map(alert.GetProperty("labels")),
                Map(alert.GetProperty("annotations")),
                Stopwatch.GetTimestamp()));
        }

        static Dictionary<string, string> Map(JsonElement element) =>
            element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    internal sealed record Delivered(
        string Receiver, string Status, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, long At)
    {
        public string Name => Labels["alertname"];
    }
}
