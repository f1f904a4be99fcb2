using System.Net.Http.Headers;
using System.Net.Security;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Fetching;

/// <summary>
/// A member's answer whose headers are here and whose body is still to be read. A connection per fetch: four handshakes a minute cost
/// nothing, and renewed certificate files always count.
/// </summary>
internal sealed class MemberFetch : IDisposable
{
    /// <summary>etcd's exposition is some 200 kB; what is a hundred times that is not etcd's.</summary>
    public const int LargestBody = 16 * 1024 * 1024;

    private readonly IDisposable?[] _owned;

    private MemberFetch(HttpResponseMessage answer, Stream body, params IDisposable?[] owned)
    {
        (Body, _owned) = (body, owned);
        var headers = answer.Content.Headers;
        (ContentType, Length) = (MetricsContentType.Of(headers.ContentType), headers.ContentLength);
        var encoding = string.Join(',', headers.ContentEncoding);
        ContentEncoding = encoding.Length > 0 ? "gzip" : null;
        Objection = (int)answer.StatusCode != StatusCodes.Status200OK ? $"answered {(int)answer.StatusCode} for its metrics"
            : encoding is not ("" or "gzip") ? "answered in an encoding that nobody asked for"
            : Length > LargestBody ? $"would send {Length} bytes of metrics"
            : null;
    }

    /// <summary>Why this is no answer that could be passed on; null: it is one.</summary>
    public string? Objection { get; }

    public string ContentType { get; }

    /// <summary>gzip is not asked for, and a member that sends it all the same is passed on with that said.</summary>
    public string? ContentEncoding { get; }

    /// <summary>Null when the member did not say.</summary>
    public long? Length { get; }

    public Stream Body { get; }

    /// <param name="url">Where the member serves its metrics.</param>
    /// <param name="identity">The cluster's, used where the address is https.</param>
    /// <param name="accept">Which formats are wanted; empty: whatever there is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<MemberFetch> StartAsync(Uri url, TlsCredentials identity, string accept, CancellationToken cancellationToken)
    {
        var credentials = url.Scheme == Uri.UriSchemeHttps ? identity : null;
        HttpClient? http = null;
        HttpResponseMessage? answer = null;
        try
        {
#pragma warning disable RS0030 // a plain GET of a member's metrics, with every default that matters set here and below
            http = new HttpClient(Handler(credentials, url.Host)) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (accept.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new MemberFetch(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), answer, http);
        }
        catch
        {
            answer?.Dispose();
            http?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var one in _owned)
        {
            one?.Dispose();
        }
    }

#pragma warning disable RS0030
    private static SocketsHttpHandler Handler(TlsCredentials? credentials, string host) => new()
#pragma warning restore RS0030
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false, // a redirect could lead anywhere, with our certificate
        ActivityHeadersPropagator = null, // no traceparent: the member has no part in anybody's trace
        MaxResponseDrainSize = 0, // what is not wanted is not waited for
        SslOptions = Options(credentials, host),
    };

    private static SslClientAuthenticationOptions Options(TlsCredentials? credentials, string host)
    {
        if (credentials is null)
        {
            return new SslClientAuthenticationOptions();
        }

        var options = credentials.ToOptions(host);
        options.ApplicationProtocols = [SslApplicationProtocol.Http11]; // a plain GET, also where metrics have a listener of their own
        return options;
    }
}

/// <summary>What a member may call its metrics. Anything else could make a browser take them for a page of ours.</summary>
internal static class MetricsContentType
{
    private const string Otherwise = "text/plain; charset=utf-8";
    private const int Longest = 256;

    public static string Of(MediaTypeHeaderValue? said) =>
        said?.MediaType?.ToLowerInvariant() is "text/plain" or "application/openmetrics-text" or "application/vnd.google.protobuf"
        && said.ToString() is { Length: <= Longest } text
            ? text
            : Otherwise;
}
