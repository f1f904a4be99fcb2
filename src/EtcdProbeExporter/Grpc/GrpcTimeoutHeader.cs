using System.Globalization;

namespace EtcdProbeExporter.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit (PROTOCOL-HTTP2.md, "Timeout").</summary>
internal static class GrpcTimeoutHeader
{
    private const long MaxDigits = 99_999_999;

    /// <summary>
    /// How much longer than our own deadline the server may work. With equal deadlines the two race, and one cause is filed under two
    /// names: etcd answers UNAVAILABLE "etcdserver: request timed out" a moment before our own timer would have said "timeout".
    /// </summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>Rounds up, so that a server never stops before the client asked it to.</summary>
    public static string Encode(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        var milliseconds = ((timeout.Ticks - 1) / TimeSpan.TicksPerMillisecond) + 1;
        if (milliseconds <= MaxDigits)
        {
            return milliseconds.ToString(CultureInfo.InvariantCulture) + "m";
        }

        var seconds = ((timeout.Ticks - 1) / TimeSpan.TicksPerSecond) + 1;
        return Math.Min(seconds, MaxDigits).ToString(CultureInfo.InvariantCulture) + "S";
    }
}
