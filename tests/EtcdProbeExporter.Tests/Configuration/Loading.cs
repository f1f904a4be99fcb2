using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>Loads configurations from text: files and variables live in dictionaries.</summary>
internal static class Loading
{
    public const string Path = "/conf/etcd.yml";

    public static ConfigurationResult Load(
        ConfigurationFlags? flags = null, string? yaml = null, Dictionary<string, string>? variables = null, Dictionary<string, string>? files = null)
    {
        flags ??= new ConfigurationFlags();
        var loader = new ConfigurationLoader(
            yaml is null ? flags : flags with { ConfigFile = Path },
            name => variables?.GetValueOrDefault(name),
            path => path == Path && yaml is not null ? yaml
                : files?.GetValueOrDefault(path) ?? (path.StartsWith("/pki/", StringComparison.Ordinal) ? "-----BEGIN TEST-----" : throw new FileNotFoundException()));
        return loader.Load();
    }

    public static ClusterConfiguration Only(this ConfigurationResult result)
    {
        result.Errors.Select(error => error.ToString()).Should().BeEmpty();
        return result.Configuration!.Clusters.Should().ContainSingle().Subject;
    }
}
