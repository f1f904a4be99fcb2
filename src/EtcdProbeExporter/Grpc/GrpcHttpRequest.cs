using System.Net;
using System.Text;
using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>The HTTP request of a call, and the note that goes with it of when and on which connection it was sent.</summary>
internal static class GrpcHttpRequest
{
    private const string OncePerSending = "te";

    private static readonly HttpRequestOptionsKey<Sending> Note = new("sending");

    public static HttpRequestMessage Create(Uri uri, GrpcRequestContent content, GrpcMetadata metadata, DialPacing pacing, int? onlyOn = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact, // with http:// this is prior-knowledge h2c
            Content = content,
        };
        request.Options.Set(Note, new Sending(pacing, onlyOn));
        request.Headers.TryAddWithoutValidation(OncePerSending, "trailers"); // servers of the C core refuse calls without it
        request.Headers.TryAddWithoutValidation("user-agent", "grpc-dotnet-etcdprobe/1.0");
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity");
        foreach (var (name, value) in metadata.Entries)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>
    /// SocketsHttpHandler sends a request again by itself, up to three times, after REFUSED_STREAM or a GOAWAY. A prober must see those
    /// faults, and a put must not be repeated behind its back. Nothing notices a second sending but this selector, which the handler asks
    /// for every header it writes; refusing here turns the repetition off, and the connection stays whole.
    /// </summary>
    public static Encoding? RefuseSecondSending(string header, HttpRequestMessage request)
    {
        if (header.Equals(OncePerSending, StringComparison.OrdinalIgnoreCase) && request.Options.TryGetValue(Note, out var sending))
        {
            sending.Begins();
        }

        return null; // the default encoding
    }

    /// <summary>The connection that the request was written to; null while it was written to none.</summary>
    public static ConnectionTrace? ConnectionOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Note, out var sending) ? sending.Connection : null;

    private sealed class Sending(DialPacing pacing, int? onlyOn)
    {
        private int _count;
        private ConnectionTrace? _connection;

        public ConnectionTrace? Connection => Volatile.Read(ref _connection);

        public void Begins()
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                throw new HiddenRetryException();
            }

            if (onlyOn is { } number && number != pacing.Count)
            {
                throw new ConnectionEndedException(GrpcConnection.NotSent, null);
            }

            Volatile.Write(ref _connection, pacing.Last); // the handler keeps one connection at a time: it is the newest
        }
    }
}

/// <summary>One method: its path <c>/package.Service/Method</c> (case-sensitive) and how its response is parsed.</summary>
internal sealed record GrpcMethod<TRequest, TResponse>(string Path, MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage
    where TResponse : class, IMessage<TResponse>;

/// <summary>Headers that go with a call. Names are lower case <c>[0-9a-z_.-]</c>, values printable ASCII. Values may be secrets: never log them.</summary>
internal readonly record struct GrpcMetadata(IReadOnlyList<KeyValuePair<string, string>>? Values)
{
    public static readonly GrpcMetadata None;

    public IReadOnlyList<KeyValuePair<string, string>> Entries => Values ?? [];

    public override string ToString() => $"{Entries.Count} entries";
}
