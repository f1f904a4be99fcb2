using System.Security.Authentication;

namespace EtcdProbeExporter.Grpc;

/// <summary>Finds TLS's own refusal in a chain of exceptions and says it in words. Pure.</summary>
internal static class TlsAlert
{
    public const string NoHttp2 = "TLS works, but the peer does not offer HTTP/2 (ALPN h2): not an etcd client port?";

    /// <summary>Null when the chain holds no refusal.</summary>
    public static string? TextOf(Exception exception)
    {
        string? text = null;
        for (var e = exception; e is not null; e = e.InnerException)
        {
            // .NET's OpenSSL binding has no public exception type; its messages carry OpenSSL's "SSL routines" prefix.
            if (e is AuthenticationException || e.Message.Contains("SSL routines", StringComparison.Ordinal))
            {
                text = e.Message; // the innermost says most
            }
        }

        return text is null ? null : "Tls: " + (text.Contains("no application protocol", StringComparison.Ordinal) ? NoHttp2 : text);
    }
}
