using System.Diagnostics;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Probing.Schedule;
using EtcdProbeExporter.Tests.Grpc;
using EtcdProbeExporter.Tests.Supervision;
using Google.Protobuf;
using Xunit.Abstractions;

namespace EtcdProbeExporter.Tests.Probing;

/// <summary>Slots, over a real connection: what is reported is the call's own time, whenever the slot was started.</summary>
public sealed class RequestLatencyTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_reported_median_is_the_calls_own()
    {
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            await Task.Delay(4); // some work, against which a tenth is more than what encoding takes
            await GrpcTestServer.AnswerAsync(context, new RangeResponse { Header = new ResponseHeader { ClusterId = 1, MemberId = 2 } });
        });
        using var connection = new GrpcConnection(server.Address, null, TimeSpan.FromSeconds(5), _ => { }, TimeProvider.System);
        var client = new EtcdClient(connection, null, TimeProvider.System);
        var own = new List<double>();
        var reported = new List<double>();
        using var stop = new CancellationTokenSource();
        var probe = new OperationProbe(
            ProbeOperation.GetLocal,
            new ProbedTarget(CallAsync) { Reported = Collect },
            new SlotPace(TimeSpan.FromMilliseconds(20), 0.3),
            TestParts.Part(TestParts.Errors()),
            TimeProvider.System);

        _ = probe.RunAsync(stop.Token);
        await Condition.EventuallyAsync(() => reported.Count >= 200, "200 slots");
        await stop.CancelAsync();

        var (median, calls) = (Median(reported.Skip(50)), Median(own.Skip(50)));
        output.WriteLine(FormattableString.Invariant($"reported {median:0.000} ms, the call itself {calls:0.000} ms"));
        median.Should().BeApproximately(calls, calls * 0.1);

        async Task<ProbeOutcome> CallAsync(Slot slot, CancellationToken cancellationToken)
        {
            var watch = Stopwatch.StartNew();
            var answer = await client.GetAsync(ByteString.CopyFromUtf8("k"), serializable: true, TimeSpan.FromSeconds(5), cancellationToken);
            own.Add(watch.Elapsed.TotalMilliseconds);
            return ProbeOutcome.From(answer, r => r.Header);
        }

        void Collect(ProbeEvent happened)
        {
            if (happened is ProbeEvent.Finished { Result: { Succeeded: true } result })
            {
                reported.Add(result.Duration.TotalMilliseconds);
            }
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
