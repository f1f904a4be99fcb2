using System.Buffers.Binary;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EtcdProbeExporter.Tests.Grpc;

public sealed class GrpcConnectionTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_request_is_what_the_specification_asks_for()
    {
        var seen = new Dictionary<string, string>();
        byte[] body = [];
        var result = await CallAsync(async context =>
        {
            foreach (var header in context.Request.Headers)
            {
                seen[header.Key.ToLowerInvariant()] = header.Value.ToString();
            }

            seen[":path"] = context.Request.Path;
            seen[":version"] = context.Request.Protocol;
            using var copy = new MemoryStream();
            await context.Request.Body.CopyToAsync(copy);
            body = copy.ToArray();
            await GrpcTestServer.AnswerAsync(context, new StatusResponse { Version = "x" });
        }, metadata: new GrpcMetadata([new("token", "secret")]));

        result.Message!.Version.Should().Be("x");
        body.Should().Equal(0, 0, 0, 0, 0);
        seen.Should().Contain(":path", "/etcdserverpb.Maintenance/Status").And.Contain(":version", "HTTP/2")
            .And.Contain("te", "trailers").And.Contain("content-type", "application/grpc").And.Contain("grpc-accept-encoding", "identity")
            .And.Contain("grpc-timeout", "21000m").And.Contain("token", "secret").And.ContainKey("user-agent");
        seen.Should().NotContainKey("traceparent").And.NotContainKey("content-length").And.NotContainKey("accept-encoding");
    }

    [Fact]
    public async Task A_message_split_over_many_data_frames_is_put_together()
    {
        var big = new StatusResponse { Version = new string('v', 300_000) };
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc+proto";
            foreach (var part in GrpcFrame.Encode(big).Chunk(7001))
            {
                await context.Response.Body.WriteAsync(part);
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "0");
        });

        result.Message.Should().Be(big);
    }

    [Fact]
    public async Task An_error_in_the_response_headers_is_read()
    {
        var result = await CallAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "14";
            context.Response.Headers["grpc-message"] = "etcdserver: no%20leader";
            return Task.CompletedTask;
        });

        result.Failure.Should().Be(GrpcFailure.Answered(new GrpcStatus(GrpcStatusCode.Unavailable, "etcdserver: no leader")));
    }

    [Fact]
    public async Task An_error_in_trailers_behind_plain_headers_is_read()
    {
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            await context.Response.Body.FlushAsync();
            context.Response.AppendTrailer("grpc-status", "8");
            context.Response.AppendTrailer("grpc-message", "etcdserver: mvcc: database space exceeded");
        });

        result.Failure!.Kind.Should().Be(GrpcFailureKind.Status);
        FailureReasons.Classify(result.Failure).Should().Be(FailureReason.NoSpace);
    }

    [Fact]
    public async Task A_status_among_the_headers_wins_over_the_http_status()
    {
        var result = await CallAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["grpc-status"] = "7";
            return Task.CompletedTask;
        });

        result.Failure!.Status.Code.Should().Be(GrpcStatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData(503, "text/html", GrpcStatusCode.Unavailable)]
    [InlineData(404, "text/html", GrpcStatusCode.Unimplemented)]
    [InlineData(200, "text/html", GrpcStatusCode.Unknown)]
    [InlineData(200, "application/grpcx", GrpcStatusCode.Unknown)]
    internal async Task An_answer_of_something_that_is_not_grpc_is_a_protocol_failure(int http, string contentType, GrpcStatusCode code)
    {
        var result = await CallAsync(context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync("<html>");
        });

        result.Failure!.Kind.Should().Be(GrpcFailureKind.Protocol);
        result.Failure.Status.Code.Should().Be(code);
    }

    [Fact]
    public async Task Headers_over_our_limit_are_a_protocol_failure()
    {
        var result = await CallAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["x-large"] = new string('x', 100_000);
            return Task.CompletedTask;
        });

        FailureReasons.Classify(result.Failure!).Should().Be(FailureReason.Protocol);
    }

    [Fact]
    public async Task The_text_of_a_peer_is_cut_and_is_one_line()
    {
        var result = await CallAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "2";
            context.Response.Headers["grpc-message"] = "%1B[31mred%0Alines" + string.Concat(Enumerable.Repeat("%C3%A9", 9_000));
            return Task.CompletedTask;
        });

        result.Failure!.Detail.Should().StartWith(" [31mred lines\u00e9").And.HaveLength(PeerText.MaxLength).And.EndWith("\u00e9…");
    }

    /// <summary>The largest answers that are legitimate, one after the other and together, are no flood.</summary>
    [Fact]
    public async Task Full_sized_answers_are_not_cut_off()
    {
        var big = new StatusResponse { Version = new string('v', GrpcFrame.DefaultMaxMessageSize - 10) };
        var dials = 0;
        await using var server = await GrpcTestServer.StartAsync(context => GrpcTestServer.AnswerAsync(context, big));
        using var connection = new GrpcConnection(server.Address, null, Long, _ => dials++, TimeProvider.System);

        for (var i = 0; i < 5; i++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StatusAsync(connection, Long)));
            results.Should().OnlyContain(r => r.IsOk);
        }

        dials.Should().Be(1);
    }

    /// <summary>A watch on a key that is written as fast as etcd can.</summary>
    [Fact]
    public async Task A_busy_watch_is_not_cut_off()
    {
        const int Events = 5_000;
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            var message = GrpcFrame.Encode(new WatchResponse { CancelReason = new string('e', 250) });
            for (var i = 0; i < Events; i++)
            {
                await context.Response.Body.WriteAsync(message);
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "0");
        });
        using var connection = new GrpcConnection(server.Address, null, Long, _ => { }, TimeProvider.System);
        var opened = await connection.OpenStreamAsync(EtcdMethods.Watch, new WatchRequest(), Long, GrpcMetadata.None, CancellationToken.None);
        await using var stream = opened.Message!;
        var read = 0;
        GrpcCallResult<WatchResponse> last;
        while ((last = await stream.ReadAsync(CancellationToken.None)).IsOk)
        {
            read++;
        }

        read.Should().Be(Events, "it ended with {0}", last.Failure);
    }

    [Fact]
    public async Task A_missing_status_fails_a_call_that_had_its_message()
    {
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(GrpcFrame.Encode(new StatusResponse()));
        });

        result.Failure!.Status.Code.Should().Be(GrpcStatusCode.Unknown);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { })]
    public async Task A_broken_body_is_a_protocol_failure(byte[] body)
    {
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(body);
            context.Response.AppendTrailer("grpc-status", "0");
        });

        result.Failure!.Kind.Should().Be(GrpcFailureKind.Protocol);
        result.Failure.Status.Code.Should().Be(GrpcStatusCode.Internal);
    }

    [Fact]
    public async Task A_huge_length_is_refused_before_memory_is_taken_for_it()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            var header = new byte[GrpcFrame.HeaderSize];
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), 1_500_000_000);
            await context.Response.Body.WriteAsync(header);
        });

        result.Failure!.Status.Code.Should().Be(GrpcStatusCode.ResourceExhausted);
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(500_000_000);
    }

    [Theory]
    [InlineData(7, "unavailable")] // REFUSED_STREAM: the HTTP handler would repeat it up to three times
    [InlineData(8, "unavailable")]
    [InlineData(11, "too_many_requests")]
    [InlineData(2, "protocol")]
    public async Task A_reset_without_status_is_told_once_and_never_repeated(int errorCode, string reason)
    {
        var calls = 0;
        var result = await CallAsync(context =>
        {
            Interlocked.Increment(ref calls);
            context.Features.Get<IHttpResetFeature>()!.Reset(errorCode);
            return Task.CompletedTask;
        });

        FailureReasons.Classify(result.Failure!).Label().Should().Be(reason);
        calls.Should().Be(1);
    }

    [Fact]
    public async Task A_reset_after_the_message_fails_the_call_although_data_arrived()
    {
        var result = await CallAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(GrpcFrame.Encode(new StatusResponse()));
            await context.Response.Body.FlushAsync();
            context.Features.Get<IHttpResetFeature>()!.Reset(0);
        });

        result.IsOk.Should().BeFalse();
        result.Failure!.Kind.Should().Be(GrpcFailureKind.Reset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_ends_at_the_deadline_and_the_connection_stays_usable(bool headersFirst)
    {
        var hang = true;
        var dials = 0;
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            if (!hang)
            {
                await GrpcTestServer.AnswerAsync(context, new StatusResponse());
                return;
            }

            if (headersFirst)
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var connection = new GrpcConnection(server.Address, null, Long, _ => dials++, TimeProvider.System);

        var silent = await StatusAsync(connection, Short);
        hang = false;
        var after = await StatusAsync(connection, Long);

        silent.Failure!.Kind.Should().Be(GrpcFailureKind.Deadline);
        silent.Failure.Detail.Should().Be("no answer within 0.3 s");
        after.IsOk.Should().BeTrue();
        dials.Should().Be(1);
    }

    [Fact]
    public async Task The_caller_giving_up_throws_and_is_no_result()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var connection = new GrpcConnection(server.Address, null, Long, _ => { }, TimeProvider.System);

        var act = () => connection.UnaryAsync(EtcdMethods.Status, new StatusRequest(), Long, GrpcMetadata.None, stop.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task A_port_that_speaks_only_http_1_is_a_protocol_failure()
    {
        var result = await CallAsync(context => context.Response.WriteAsync("hello"), HttpProtocols.Http1);

        FailureReasons.Classify(result.Failure!).Should().BeOneOf(FailureReason.Protocol);
    }

    [Fact]
    public async Task A_server_that_goes_away_costs_one_call_and_the_next_one_dials_again()
    {
        var close = false;
        var dials = 0;
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            if (close)
            {
                close = false;
                context.Abort();
                return;
            }

            await GrpcTestServer.AnswerAsync(context, new StatusResponse());
        });
        using var connection = new GrpcConnection(server.Address, null, Long, _ => dials++, TimeProvider.System);
        (await StatusAsync(connection, Long)).IsOk.Should().BeTrue();
        close = true;

        var during = await StatusAsync(connection, Long);
        var after = await StatusAsync(connection, Long);

        FailureReasons.Classify(during.Failure!).Should().BeOneOf(FailureReason.Unavailable, FailureReason.Protocol);
        after.IsOk.Should().BeTrue();
    }

    [Fact]
    public async Task A_stream_gives_message_after_message_and_then_the_status()
    {
        await using var server = await GrpcTestServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            for (var i = 1; i <= 3; i++)
            {
                await context.Response.Body.WriteAsync(GrpcFrame.Encode(new WatchResponse { WatchId = i }));
                await context.Response.Body.FlushAsync();
            }

            context.Response.AppendTrailer("grpc-status", "14");
            context.Response.AppendTrailer("grpc-message", "etcdserver: no leader");
        });
        using var connection = new GrpcConnection(server.Address, null, Long, _ => { }, TimeProvider.System);
        var opened = await connection.OpenStreamAsync(EtcdMethods.Watch, new WatchRequest(), Long, GrpcMetadata.None, CancellationToken.None);
        await using var stream = opened.Message!;

        var ids = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await stream.ReadAsync(CancellationToken.None)).Message!.WatchId);
        }

        var end = await stream.ReadAsync(CancellationToken.None);

        ids.Should().Equal(1, 2, 3);
        FailureReasons.Classify(end.Failure!).Should().Be(FailureReason.NoLeader);
    }

    [Fact]
    public async Task A_stream_that_nobody_answers_fails_at_its_opening_deadline()
    {
        await using var server = await GrpcTestServer.StartAsync(context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using var connection = new GrpcConnection(server.Address, null, Long, _ => { }, TimeProvider.System);

        var opened = await connection.OpenStreamAsync(EtcdMethods.Watch, new WatchRequest(), Short, GrpcMetadata.None, CancellationToken.None);

        opened.Failure!.Kind.Should().Be(GrpcFailureKind.Deadline);
    }

    private static async Task<GrpcCallResult<StatusResponse>> CallAsync(
        RequestDelegate handler, HttpProtocols protocols = HttpProtocols.Http2, GrpcMetadata metadata = default)
    {
        await using var server = await GrpcTestServer.StartAsync(handler, protocols);
        using var connection = new GrpcConnection(server.Address, null, Long, _ => { }, TimeProvider.System);
        return await connection.UnaryAsync(EtcdMethods.Status, new StatusRequest(), Long, metadata, CancellationToken.None);
    }

    private static Task<GrpcCallResult<StatusResponse>> StatusAsync(GrpcConnection connection, TimeSpan timeout) =>
        connection.UnaryAsync(EtcdMethods.Status, new StatusRequest(), timeout, GrpcMetadata.None, CancellationToken.None);
}
