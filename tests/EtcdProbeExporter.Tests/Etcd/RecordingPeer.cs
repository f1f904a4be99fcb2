using System.Collections.Concurrent;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Tests.Grpc;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace EtcdProbeExporter.Tests.Etcd;

/// <summary>Takes down what is sent, and answers as a test tells it to: for what a client puts on the wire, not for what etcd does with it.</summary>
internal sealed class RecordingPeer : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly GrpcConnection _connection;
    private readonly GrpcTestServer _server;

    private RecordingPeer(GrpcTestServer server, Login? login, ManualTime time)
    {
        _server = server;
        _connection = new GrpcConnection(server.Address, null, Long, _ => { }, time);
        Client = new EtcdClient(_connection, login, time);
    }

    public EtcdClient Client { get; }

    /// <summary>For whoever brings a client of its own.</summary>
    public Uri Address => _server.Address;

    public GrpcConnection Connection => _connection;

    public IReadOnlyList<Request> Requests => [.. _requests];

    /// <summary>By method: what to answer, a message or the text of an error; null: it is never answered.</summary>
    public Dictionary<string, Func<Request, object?>> Answers { get; } = new(StringComparer.Ordinal)
    {
        ["Authenticate"] = _ => new AuthenticateResponse { Token = "first" },
        ["Put"] = _ => new PutResponse(),
        ["Status"] = _ => new StatusResponse(),
    };

    public static async Task<RecordingPeer> StartAsync(ManualTime time, Login? login = null)
    {
        RecordingPeer? peer = null;
        var server = await GrpcTestServer.StartAsync(context => peer!.AnswerAsync(context));
        return peer = new RecordingPeer(server, login, time);
    }

    /// <summary>The methods that were called, in their order.</summary>
    public IEnumerable<string> Methods => _requests.Select(r => r.Method);

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        var header = new byte[GrpcFrame.HeaderSize];
        await context.Request.Body.ReadExactlyAsync(header);
        var message = new byte[System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message);
        var path = context.Request.Path.Value!;
        var request = new Request(
            path[(path.LastIndexOf('/') + 1)..], message, (string?)context.Request.Headers["token"], (string?)context.Request.Headers["grpc-timeout"]);
        _requests.Enqueue(request);
        context.Response.ContentType = "application/grpc";
        switch (Answers.TryGetValue(request.Method, out var answer) ? answer(request) : "no such method")
        {
            case IMessage said:
                await GrpcTestServer.AnswerAsync(context, said);
                break;
            case string error:
                context.Response.Headers["grpc-status"] = "16";
                context.Response.Headers["grpc-message"] = error;
                break;
            default:
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
        }
    }

    /// <param name="Method">Without its service.</param>
    /// <param name="Message">As it was on the wire.</param>
    /// <param name="Token">The header; null when there was none.</param>
    /// <param name="Timeout">What <c>grpc-timeout</c> said.</param>
    internal sealed record Request(string Method, byte[] Message, string? Token, string? Timeout);
}
