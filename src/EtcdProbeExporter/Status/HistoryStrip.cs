using System.Globalization;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>The last probes of an endpoint as a strip of bars: height by latency on a logarithmic scale, colour by ok, slow or failed.</summary>
internal static class HistoryStrip
{
    private const int BarWidth = 4;
    private const int Height = 24;

    /// <summary>The operation that says most about the endpoint: writes where it takes them.</summary>
    public static OperationSnapshot? Telling(EndpointSnapshot endpoint) =>
        new[] { ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal }
            .Select(endpoint.Operation)
            .FirstOrDefault(o => o is { Recent.Count: > 0 });

    public static void Write(HtmlText html, OperationSnapshot? operation)
    {
        if (operation is null)
        {
            return;
        }

        var probes = operation.Recent;
        var failed = probes.Count(p => p.Failure is not null);
        html.Add($"<svg class=\"strip\" width=\"{OperationState.Remembered * BarWidth}\" height=\"{Height}\" role=\"img\" ");
        html.Add($"aria-label=\"last {probes.Count} probes of {Wording.Of(operation.Operation)}, {failed} failed\">");
        var left = (OperationState.Remembered - probes.Count) * BarWidth; // the newest stands at the right edge
        for (var i = 0; i < probes.Count; i++)
        {
            var height = BarHeight(probes[i]);
            html.Add($"<rect class=\"{Class(probes[i])}\" x=\"{left + (i * BarWidth)}\" y=\"{Height - height}\" width=\"{BarWidth - 1}\" height=\"{height}\">");
            html.Add($"<title>{Title(operation.Operation, probes[i])}</title></rect>");
        }

        html.AddLiteral("</svg>");
    }

    // A tenfold latency is five pixels more: 0.1 ms is the lowest bar, 10 s and failures the highest.
    private static int BarHeight(PastProbe probe) => probe.Failure is not null
        ? Height
        : Math.Clamp((int)Math.Round((Math.Log10(Math.Max(probe.Duration.TotalMilliseconds, 0.1)) + 1) * 4.5) + 2, 2, Height);

    private static string Class(PastProbe probe) => probe.Failure is not null ? "failed" : probe.Duration >= EndpointFindings.Slow ? "slow" : "ok";

    private static string Title(ProbeOperation operation, PastProbe probe) => string.Create(
        CultureInfo.InvariantCulture,
        $"{probe.EndedAt.UtcDateTime:HH:mm:ss} {Wording.Of(operation)} {probe.Failure?.Label()}{(probe.Failure is null ? "" : " after ")}{Wording.Of(probe.Duration)}");
}
