using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Harness;

/// <summary>Many keys at once, through etcd's JSON gateway.</summary>
internal static class BulkKeys
{
    private const int PerTransaction = 5000;

    /// <summary>What members need to take such transactions.</summary>
    public static readonly string[] Arguments = ["--max-txn-ops=10000", "--max-request-bytes=10485760", "--quota-backend-bytes=8589934592"];

    /// <summary>Puts that many keys under <c>bulk/</c>.</summary>
    public static async Task PutAsync(EtcdMember member, int keys)
    {
        using var http = Client(member);
        for (var first = 0; first < keys; first += PerTransaction)
        {
            var puts = Enumerable.Range(first, PerTransaction)
                .Select(i => $$$"""{"requestPut":{"key":"{{{Base64(string.Create(CultureInfo.InvariantCulture, $"bulk/{i:d9}"))}}}","value":"dmFsdWU="}}""");
            await PostAsync(http, "/v3/kv/txn", $$"""{"success":[{{string.Join(',', puts)}}]}""");
        }
    }

    /// <summary>Deletes them all with one request; returns when it is answered, which may be before it is done, or with an error.</summary>
    public static async Task DeleteAsync(EtcdMember member)
    {
        using var http = Client(member);
        using var body = new StringContent($$"""{"key":"{{Base64("bulk/")}}","range_end":"{{Base64("bulk0")}}"}""");
        using var answer = await http.PostAsync(new Uri("/v3/kv/deleterange", UriKind.Relative), body);
    }

    private static HttpClient Client(EtcdMember member) => new() { BaseAddress = new Uri($"http://{member.Endpoint}"), Timeout = TimeSpan.FromMinutes(2) };

    private static async Task PostAsync(HttpClient http, string path, string json)
    {
        using var body = new StringContent(json);
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
