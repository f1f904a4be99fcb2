using System.Net.Http.Headers;

namespace EtcdProbeExporter.Fetching;

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
