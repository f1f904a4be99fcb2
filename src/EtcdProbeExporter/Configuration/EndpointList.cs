namespace EtcdProbeExporter.Configuration;

/// <summary>The endpoints of one cluster, from text to addresses.</summary>
internal static class EndpointList
{
    /// <summary>What etcdctl talks to when told nothing.</summary>
    public static readonly EndpointAddress Default = new("http", "127.0.0.1", EndpointAddress.DefaultPort);

    /// <summary>Refuses every item that is no address; looks at nothing but the single item.</summary>
    public static bool AreAddresses(IReadOnlyList<Setting<string>> written, Findings findings)
    {
        var good = true;
        foreach (var item in written)
        {
            if (!EndpointAddress.TryParse(item.Value, tlsByDefault: false, out _, out var error))
            {
                // What stands before an "@" may be a password.
                findings.Refuse((item.Value.Contains('@') ? item with { Text = null } : item).Error(error));
                good = false;
            }
        }

        return good;
    }

    /// <summary>The addresses once it is known whether certificates are in play; refuses the same address twice.</summary>
    public static List<EndpointAddress> Resolve(
        IReadOnlyList<Setting<string>> written, IReadOnlyDictionary<string, Setting<string>> metricsUrls, bool tlsByDefault, Findings findings)
    {
        var addresses = new List<EndpointAddress>();
        foreach (var item in written)
        {
            if (!EndpointAddress.TryParse(item.Value, tlsByDefault, out var address, out _))
            {
                continue;
            }

            if (addresses.Exists(known => known.Label == address.Label))
            {
                findings.Refuse(item.Error($"the endpoint {address.Label} is listed twice"));
                continue;
            }

            addresses.Add(metricsUrls.TryGetValue(item.Value, out var url) && MetricsUrlTemplate.TryParse(url.Value, false, out var metrics, out _)
                ? address with { MetricsUrl = metrics }
                : address);
        }

        return addresses;
    }
}
