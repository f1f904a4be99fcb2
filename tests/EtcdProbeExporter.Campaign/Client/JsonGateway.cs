using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EtcdProbeExporter.Campaign.Clusters;

namespace EtcdProbeExporter.Campaign.Client;

/// <summary>etcd's own JSON gateway at one endpoint: another protocol, another client and other connections than the exporter's.</summary>
internal sealed class JsonGateway(string url, Identity identity) : IDisposable
{
    private readonly HttpClient _http = new(identity.NewHandler()) { BaseAddress = new Uri(url), Timeout = Timeout.InfiniteTimeSpan };
    private volatile string? _token;

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a request; what etcd answered, as JSON.</summary>
    /// <exception cref="EtcdRefusalException">etcd answered with an error.</exception>
    public async Task<JsonElement> PostAsync(string path, object request, CancellationToken deadline)
    {
        if (identity.AuthIsOn && _token is null)
        {
            var login = await SendAsync("/v3/auth/authenticate", new { name = "root", password = Identity.RootPassword }, deadline);
            _token = login.GetProperty("token").GetString();
        }

        try
        {
            return await SendAsync(path, request, deadline);
        }
        catch (EtcdRefusalException e) when (e.Message.Contains("auth", StringComparison.Ordinal) || e.Message.Contains("user name", StringComparison.Ordinal))
        {
            _token = null; // a restarted member has forgotten it: the next request logs in again
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(string path, object body, CancellationToken deadline)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (_token is { } token)
        {
            request.Headers.Authorization = AuthenticationHeaderValue.Parse(token);
        }

        using var answer = await _http.SendAsync(request, deadline);
        var text = await answer.Content.ReadAsStringAsync(deadline);
        if (!answer.IsSuccessStatusCode)
        {
            throw new EtcdRefusalException(text[..Math.Min(text.Length, 300)]);
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}

/// <summary>An error that etcd answered with.</summary>
internal sealed class EtcdRefusalException(string message) : Exception(message);
