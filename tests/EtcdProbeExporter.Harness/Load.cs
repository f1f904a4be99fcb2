using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Harness;

/// <summary>Clients that read and write whole ranges through etcd's JSON gateway, spread over the members, until disposed.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpClient> _members;
    private readonly Task _clients;
    private int _served;

    private Load(EtcdCluster etcd, int clients)
    {
        _members = [.. etcd.Members.Select(m => new HttpClient { BaseAddress = new Uri($"http://{m.Endpoint}"), Timeout = TimeSpan.FromSeconds(30) })];
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(i => Task.Run(() => CallAsync(i))));
    }

    /// <summary>Calls that etcd has served so far.</summary>
    public int Served => Volatile.Read(ref _served);

    public static Load Start(EtcdCluster etcd, int clients) => new(etcd, clients);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _clients;
        _members.ForEach(m => m.Dispose());
        _stop.Dispose();
    }

    private async Task CallAsync(int client)
    {
        var http = _members[client % _members.Count];
        for (var call = 0; !_stop.IsCancellationRequested; call++)
        {
            // Every fourth call writes, the others read all that there is.
            var (path, json) = call % 4 == 0
                ? ("/v3/kv/put", $$"""{"key":"{{Base64(string.Create(CultureInfo.InvariantCulture, $"bulk/{client:d9}"))}}","value":"dmFsdWU="}""")
                : ("/v3/kv/range", $$"""{"key":"{{Base64("bulk/")}}","range_end":"{{Base64("bulk0")}}"}""");
            try
            {
                using var body = new StringContent(json);
                using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, _stop.Token);
                Interlocked.Add(ref _served, answer.IsSuccessStatusCode ? 1 : 0);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // overloaded is what the members are meant to be
            }
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
