using System.Net;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Tests.Grpc.Hostile;
using FsCheck;
using FsCheck.Fluent;

namespace EtcdProbeExporter.Tests.Grpc;

/// <summary>
/// What a peer can send, through everything that reads it: no exception but the documented ones, and no memory but what is announced and
/// allowed. About 400,000 cases; the seed is fixed, so that a failure is found again.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_121;
    private const int MaxMessage = 4096;

    [Fact]
    public async Task Frames_and_messages_in_any_pieces()
    {
        var random = new Random(Seed);
        var before = GC.GetAllocatedBytesForCurrentThread();
        long passed = 0;
        for (var i = 0; i < 120_000; i++)
        {
            var body = Body(random);
            passed += body.Length;
            var reader = new GrpcMessageReader(new PiecesStream(body, random), MaxMessage);
            var messages = 0;
            while (await reader.ReadAsync(RangeResponse.Parser, CancellationToken.None) is { Message: not null })
            {
                (++messages).Should().BeLessThanOrEqualTo(body.Length / GrpcFrame.HeaderSize, "seed {0}, case {1}", Seed, i);
            }
        }

        // Every case may take one message of the limit although the body ends before it; a length of 4 GB takes nothing.
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan((120_000L * (MaxMessage + 4096)) + (20 * passed), "seed {0}", Seed);
    }

    [Fact]
    public void Messages_that_are_garbage()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 60_000; i++)
        {
            var bytes = Mutated(random, new StatusResponse { Header = new ResponseHeader { MemberId = 7 }, Version = "3.5.0", Leader = 7 });
            var text = Record.Exception(() => StatusResponse.Parser.ParseFrom(bytes));
            text?.Should().BeOfType<Google.Protobuf.InvalidProtocolBufferException>("seed {0}, case {1}", Seed, i);
        }
    }

    [Fact]
    public void Any_status_and_any_text()
    {
        Run(100_000, ArbMap.Default.ArbFor<(NonNull<string> Status, string? Text)>(), given =>
        {
            var status = GrpcStatus.Parse(given.Status.Get, given.Text);
            _ = FailureReasons.Classify(GrpcFailure.Answered(status)).Label();
            return IsPlain(status.Message);
        });
        var random = new Random(Seed);
        for (var i = 0; i < 20_000; i++)
        {
            var message = GrpcStatus.Parse("14", EncodedText(random)).Message;
            IsPlain(message).Should().BeTrue("seed {0}, case {1}: {2}", Seed, i, message);
        }
    }

    [Fact]
    public void Any_response_headers_and_trailers()
    {
        var random = new Random(Seed);
        for (var i = 0; i < 60_000; i++)
        {
            using var response = new HttpResponseMessage((HttpStatusCode)random.Next(100, 1000)) { Version = new Version(random.Next(1, 4), 0) };
            response.Content.Headers.TryAddWithoutValidation("content-type", random.Next(3) == 0 ? EncodedText(random) : "application/grpc");
            foreach (var headers in new System.Net.Http.Headers.HttpHeaders[] { response.Headers, response.TrailingHeaders })
            {
                if (random.Next(2) == 0)
                {
                    headers.TryAddWithoutValidation("grpc-status", random.Next(2) == 0 ? $"{random.Next(-3, 20)}" : EncodedText(random));
                    headers.TryAddWithoutValidation("grpc-message", EncodedText(random));
                }
            }

            foreach (var failure in new[] { GrpcResponse.FailureInHeaders(response), GrpcResponse.FailureInTrailers(response) }.OfType<GrpcFailure>())
            {
                _ = FailureReasons.Classify(failure).Label();
                IsPlain(failure.Detail).Should().BeTrue("seed {0}, case {1}: {2}", Seed, i, failure);
            }
        }
    }

    [Fact]
    public void Any_bytes_as_the_opening_and_the_frames_of_a_connection()
    {
        Run(30_000, ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            var (opening, tls) = (PeerOpening.NotHttp2(bytes, ended: true)?.Detail ?? "", PeerOpening.NotTls(bytes) ?? "");
            return IsPlain(opening) && IsPlain(tls);
        });
        var random = new Random(Seed);
        for (var i = 0; i < 30_000; i++)
        {
            var trace = new ConnectionTrace(secured: false, dialedAt: 0);
            var bytes = Frames(random);
            for (var at = 0; at < bytes.Length;)
            {
                var piece = Math.Min(random.Next(1, 40), bytes.Length - at);
                trace.Received(bytes.AsSpan(at, piece));
                at += piece;
            }

            trace.Meter.Bytes.Should().BeLessThanOrEqualTo(bytes.Length, "seed {0}, case {1}", Seed, i);
            IsPlain(trace.Ended(null).Detail).Should().BeTrue("seed {0}, case {1}", Seed, i);
        }
    }

    private static void Run<T>(int cases, Arbitrary<T> arbitrary, Func<T, bool> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(Seed, 1),
            Prop.ForAll(arbitrary, holds));

    private static bool IsPlain(string text) => text.Length <= PeerText.MaxLength && !text.Any(char.IsControl);

    private static byte[] Body(Random random)
    {
        var body = new List<byte>();
        for (var n = random.Next(4); n > 0; n--)
        {
            var message = random.Next(3) == 0 ? Bytes(random, 60) : Mutated(random, new RangeResponse { Count = n, Kvs = { new KeyValue { Version = n } } });
            body.AddRange(RawFrames.Message(message, (byte)(random.Next(20) == 0 ? random.Next(256) : 0), random.Next(6) == 0 ? Length(random) : null));
        }

        return [.. random.Next(4) == 0 ? body.Take(random.Next(body.Count + 1)) : body];
    }

    private static uint Length(Random random) => random.Next(3) switch
    {
        0 => uint.MaxValue - (uint)random.Next(10),
        1 => (uint)random.Next(MaxMessage - 5, MaxMessage + 5),
        _ => (uint)random.Next(100),
    };

    private static byte[] Mutated(Random random, Google.Protobuf.IMessage message)
    {
        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(message);
        for (var n = random.Next(4); n > 0; n--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Frames(Random random)
    {
        var bytes = new List<byte>(RawFrames.EmptySettings);
        for (var n = random.Next(6); n > 0; n--)
        {
            bytes.AddRange(RawFrames.Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(), Bytes(random, 30), random.Next(8) == 0 ? random.Next(1 << 24) : null));
        }

        return [.. bytes];
    }

    private static string EncodedText(Random random) => string.Concat(Enumerable.Range(0, random.Next(10) == 0 ? 3_000 : random.Next(20)).Select(_ => random.Next(6) switch
    {
        0 => $"%{random.Next(256):X2}",
        1 => "%F0%9F%98%88",
        2 => "%",
        3 => ((char)random.Next(32, 0x3000)).ToString(),
        4 => "%E2%80%A8",
        _ => "a",
    }));

    /// <summary>Gives what it has in pieces of any size.</summary>
    private sealed class PiecesStream(byte[] bytes, Random random) : RelayStream(Null)
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(random.Next(1, 12), buffer.Length), bytes.Length - _at);
            bytes.AsMemory(_at, count).CopyTo(buffer);
            _at += count;
            return new ValueTask<int>(count);
        }
    }
}
