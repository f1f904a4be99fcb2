using System.Net;
using EtcdProbeExporter.Cli;
using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Hosting;

/// <summary>
/// The verb healthcheck: asks <c>/-/healthy</c> of the exporter on this machine, so that a container needs no other program for it. Never
/// depends on etcd.
/// </summary>
internal static class HealthCheckCall
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Returns the exit code: 0 it lives, 1 it does not answer as it should.</summary>
    public static async Task<int> RunAsync(WebConfiguration web, TextWriter error, CancellationToken cancellationToken)
    {
        if (!ListenAddress.TryParse(web.ListenAddress, out var listen, out _))
        {
            return ExitCode.Usage; // the loader refuses such a configuration
        }

        var address = listen.Address is null || listen.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : listen.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : listen.Address;
        var url = new Uri($"http://{new IPEndPoint(address, listen.Port)}/-/healthy");
#pragma warning disable RS0030 // asks ourselves
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null };
        using var http = new HttpClient(handler) { Timeout = Timeout };
#pragma warning restore RS0030
        try
        {
            using var answer = await http.GetAsync(url, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return ExitCode.Success;
            }

            await error.WriteLineAsync($"{url} answered {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await error.WriteLineAsync($"{url} does not answer: {e.Message}");
        }

        return ExitCode.Failure;
    }
}
