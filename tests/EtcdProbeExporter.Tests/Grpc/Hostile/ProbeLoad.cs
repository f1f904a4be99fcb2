using System.Collections.Concurrent;
using System.Diagnostics;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>Calls and a watch on one connection, as the probing of one endpoint makes them, only closer together.</summary>
internal sealed class ProbeLoad(Uri address, TlsCredentials? tls, TimeSpan interval, TimeSpan timeout) : IDisposable
{
    private const int Operations = 3;

    private readonly GrpcConnection _connection = new(address, tls, timeout * 0.8, _ => { }, TimeProvider.System);

    public ConcurrentQueue<(GrpcFailure? Failure, TimeSpan Took)> Results { get; } = [];

    /// <summary>Runs until stopped; throws what a call throws.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Task.WhenAll([WatchAsync(stop), .. Enumerable.Range(0, Operations).Select(_ => CallAsync(stop))]);

    public void Dispose() => _connection.Dispose();

    private async Task CallAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval);
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var result = await _connection.UnaryAsync(EtcdMethods.Status, new StatusRequest(), timeout, GrpcMetadata.None, CancellationToken.None);
            Results.Enqueue((result.Failure, Stopwatch.GetElapsedTime(started)));
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval);
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var opened = await _connection.OpenStreamAsync(EtcdMethods.Watch, new WatchRequest(), timeout, GrpcMetadata.None, CancellationToken.None);
            if (opened.IsOk)
            {
                await using var stream = opened.Message;
                try
                {
                    while ((await stream.ReadAsync(stop)).IsOk)
                    {
                    }
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            else
            {
                Results.Enqueue((opened.Failure, Stopwatch.GetElapsedTime(started)));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
