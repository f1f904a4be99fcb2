using System.Globalization;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// Member and cluster ids as etcd prints them in its logs and metrics: lower-case hex without padding. Never a sample value: a double
/// loses the low bits of a 64-bit id.
/// </summary>
internal static class EtcdId
{
    public static string Format(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);
}
