using System.Diagnostics;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>Nothing else runs at the same time: what is metered is the process.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>A good member, and what it and its probing take when nobody disturbs.</summary>
public sealed class CalmMember : IAsyncLifetime
{
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(700);

    /// <summary>Of calls to the hostile peer: long enough for a machine that is busy with other things.</summary>
    internal static readonly TimeSpan HostileTimeout = TimeSpan.FromSeconds(1.2);

    private GrpcTestServer? _server;

    internal Measured Baseline { get; private set; } = new([], default, default, default);

    public int Handles { get; private set; }

    public long Memory { get; private set; }

    public async Task InitializeAsync()
    {
        _server = await GrpcTestServer.StartAsync(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("/Watch", StringComparison.Ordinal))
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await GrpcTestServer.AnswerAsync(context, new StatusResponse { Version = "3.5.0" });
        });
        foreach (var peer in BrokenAnswers.All.Where((_, i) => i % 9 == 0).Concat(FrameStorms.All.Where((_, i) => i % 9 == 0)))
        {
            await MeasureAsync(peer); // the JIT's part
        }

        Baseline = (await MeasureAsync(null)).Good;
        Handles = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        Memory = GC.GetTotalMemory(forceFullCollection: true);
    }

    public async Task DisposeAsync() => await _server!.DisposeAsync();

    /// <summary>Probes the good member for a while, and the other one beside it over three connections.</summary>
    internal async Task<Beside> MeasureAsync(HostilePeer? hostile)
    {
        using var peer = hostile is null ? null : new RawPeer(hostile.Script, hostile.Scheme);
        using var tls = TlsCredentials.Create(new TlsMaterial { InsecureSkipVerify = true }).Credentials;
        var bad = Enumerable.Range(0, peer is null ? 0 : 3)
            .Select(_ => new ProbeLoad(peer!.Address, tls, TimeSpan.FromMilliseconds(50), HostileTimeout)).ToList();
        using var load = new ProbeLoad(_server!.Address, null, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5));
        using var stop = new CancellationTokenSource(Span);
        using var process = Process.GetCurrentProcess();
        var (began, used) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
        await Task.WhenAll([load.RunAsync(stop.Token), .. bad.Select(o => o.RunAsync(stop.Token))]);
        process.Refresh();
        var (cpu, elapsed) = (process.TotalProcessorTime - used, Stopwatch.GetElapsedTime(began));
        bad.ForEach(b => b.Dispose());
        peer?.Dispose();
        var took = load.Results.Select(r => r.Took).Order().ToList();
        var good = new Measured(
            [.. load.Results.Select(r => r.Failure).OfType<GrpcFailure>()], took[took.Count / 2], took[^1], cpu - (peer?.Cpu ?? TimeSpan.Zero));
        return new Beside(good, [.. bad.SelectMany(b => b.Results)], peer?.Accepted ?? 0, (good.Cpu - Baseline.Cpu) / elapsed);
    }

    /// <param name="Failures">Of the good member's calls.</param>
    /// <param name="Median">Latency.</param>
    /// <param name="Slowest">The worst latency.</param>
    /// <param name="Cpu">Of the process, without the threads of the hostile peer.</param>
    internal sealed record Measured(IReadOnlyList<GrpcFailure> Failures, TimeSpan Median, TimeSpan Slowest, TimeSpan Cpu)
    {
        public override string ToString() => FormattableString.Invariant(
            $"median {Median.TotalMilliseconds:0.0} ms, slowest {Slowest.TotalMilliseconds:0} ms");
    }

    /// <param name="Good">The good member.</param>
    /// <param name="Hostile">Calls of the other one.</param>
    /// <param name="Dialed">How often the other one was dialed.</param>
    /// <param name="Cpu">Part of one core that probing the other one cost.</param>
    internal sealed record Beside(Measured Good, IReadOnlyList<(GrpcFailure? Failure, TimeSpan Took)> Hostile, int Dialed, double Cpu);
}
