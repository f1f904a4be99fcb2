using EtcdProbeExporter.Campaign;
using EtcdProbeExporter.Campaign.Faults;
using EtcdProbeExporter.Campaign.Reports;

var (options, error) = CampaignOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"error: {error}\n{CampaignOptions.Usage}");
    return 2;
}

// Read once, by EtcdRelease, when the first release is asked for.
var named = Environment.GetEnvironmentVariable("ETCD_RELEASES");
Environment.SetEnvironmentVariable("ETCD_RELEASES", string.Join(':', new[] { named }.Where(n => !string.IsNullOrEmpty(n)).Concat(options.Etcd)));
if (options.Faults.FirstOrDefault(f => Catalogue.All.All(a => a.Name != f)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"error: --faults: no fault is called '{unknown}'; --list names them");
    return 2;
}

if (options.List)
{
    foreach (var fault in Catalogue.All)
    {
        Console.WriteLine($"{fault.Name,-40} {Catalogue.Obstacle(fault)}");
    }
}

var right = !(options.Minutes > 0 || options.Episode is not null) || await CampaignRun.RunAsync(options);
if (options.Write)
{
    Console.WriteLine($"wrote {TruthDocument.Write(Results.ReadAll())}");
}

return right ? 0 : 1;
