using YamlDotNet.RepresentationModel;

namespace EtcdProbeExporter.Configuration;

/// <summary>One item of a list of endpoints. Whether it is http or https depends on the merged TLS settings.</summary>
/// <param name="Address">Known to be an address.</param>
/// <param name="MetricsUrl">Of this endpoint alone; known to be a URL.</param>
internal sealed record WrittenEndpoint(Written<string> Address, Written<string>? MetricsUrl = null);

/// <summary>The row of the endpoints, the one setting that is a list.</summary>
internal sealed class EndpointsSetting : Setting<ClusterConfiguration>
{
    private static readonly string[] KeysOfAnEndpoint = ["url", "metrics_url"];

    public override bool IsRepeatable => true;

    protected override string FormName => "list";

    /// <summary>What etcdctl talks to when nothing is configured.</summary>
    public override string DefaultText => "127.0.0.1:2379";

    public Written<IReadOnlyList<WrittenEndpoint>>? In(Draft draft) => (Written<IReadOnlyList<WrittenEndpoint>>?)draft[this];

    /// <summary>What stands for silence, from the source of the draft.</summary>
    public Written DefaultFor(Draft draft)
    {
        var endpoint = new WrittenEndpoint(new Written<string>(DefaultText, draft.Origin, DefaultText));
        return new Written<IReadOnlyList<WrittenEndpoint>>([endpoint], draft.Origin, null);
    }

    public override Written? FromCommandLine(IReadOnlyList<string> texts, Origin origin, Findings findings)
    {
        List<WrittenEndpoint> endpoints =
        [
            .. texts.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries))
                .Select(item => new WrittenEndpoint(new Written<string>(item, origin, item))),
        ];
        return AreAddresses(endpoints, findings) ? new Written<IReadOnlyList<WrittenEndpoint>>(endpoints, origin, null) : null;
    }

    // A list that was refused is still a list that was given: it must not be reported as missing, too.
    public override Written? FromFile(YamlSection section, Findings findings)
    {
        if (section.List(Key) is not { } items)
        {
            return section.Has(Key) ? new Written<IReadOnlyList<WrittenEndpoint>>([], section.Origin, null) : null;
        }

        List<WrittenEndpoint> endpoints = [.. items.Select(item => Endpoint(item, findings)).OfType<WrittenEndpoint>()];
        AreAddresses(endpoints, findings);
        return new Written<IReadOnlyList<WrittenEndpoint>>(endpoints, section.Origin, null);
    }

    /// <summary>Endpoints that a flag picks out of those of the file keep what the file says of them.</summary>
    public override Written Over(Written upper, Written lower)
    {
        var (written, below) = ((Written<IReadOnlyList<WrittenEndpoint>>)upper, (Written<IReadOnlyList<WrittenEndpoint>>)lower);
        return written with
        {
            Value = [.. written.Value.Select(item => item with { MetricsUrl = item.MetricsUrl ?? MetricsUrl(item.Address.Value) })],
        };

        Written<string>? MetricsUrl(string address) =>
            below.Value.LastOrDefault(item => item.Address.Value == address && item.MetricsUrl is not null)?.MetricsUrl;
    }

    /// <summary>The addresses, now that it is known whether certificates are in play; refuses the same address twice.</summary>
    public override ClusterConfiguration Apply(ClusterConfiguration owner, Draft draft, NamedFiles files, Findings findings)
    {
        var addresses = new List<EndpointAddress>();
        foreach (var (written, metricsUrl) in In(draft)?.Value ?? [])
        {
            if (!EndpointAddress.TryParse(written.Value, TlsSettings.AreCertificatesInPlay(draft), out var address, out _))
            {
                continue;
            }

            if (addresses.Exists(known => known.Label == address.Label))
            {
                findings.Refuse(written.Error($"the endpoint {address.Label} is listed twice"));
                continue;
            }

            addresses.Add(metricsUrl is not null && MetricsUrlTemplate.TryParse(metricsUrl.Value, false, out var url, out _)
                ? address with { MetricsUrl = url }
                : address);
        }

        return owner with { Endpoints = addresses };
    }

    public override IEnumerable<string> Lines(ClusterConfiguration owner) => owner.Endpoints
        .Select(endpoint => endpoint.MetricsUrl is { } url
            ? $"  - {{ url: {QuotedText.Of(endpoint.ToString())}, metrics_url: {QuotedText.Of(url.ToString())} }}"
            : $"  - {QuotedText.WhereNeeded(endpoint.ToString())}")
        .Prepend($"{Key}:");

    // An address, or a mapping with one when there is more to say of it.
    private static WrittenEndpoint? Endpoint((YamlNode Node, Origin Origin) item, Findings findings)
    {
        if (item.Node is not YamlMappingNode)
        {
            return YamlSection.Scalar(item.Node, item.Origin, findings) is { } address ? new WrittenEndpoint(address) : null;
        }

        var section = YamlSection.Open(item.Node, item.Origin, KeysOfAnEndpoint, findings);
        if (section?.Text("url") is not { } url)
        {
            findings.Refuse(item.Origin.Error(null, "an endpoint that is a mapping needs url"));
            return null;
        }

        return new WrittenEndpoint(url, section.Text("metrics_url") is { } written ? MetricsUrlTemplate.Read(written, findings) : null);
    }

    private static bool AreAddresses(IReadOnlyList<WrittenEndpoint> endpoints, Findings findings)
    {
        var good = true;
        foreach (var written in endpoints.Select(endpoint => endpoint.Address))
        {
            if (!EndpointAddress.TryParse(written.Value, tlsByDefault: false, out _, out var error))
            {
                findings.Refuse(written.WithoutUserInfo().Error(error));
                good = false;
            }
        }

        return good;
    }
}
