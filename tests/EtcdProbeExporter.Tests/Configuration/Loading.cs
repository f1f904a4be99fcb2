using EtcdProbeExporter.Configuration;

namespace EtcdProbeExporter.Tests.Configuration;

/// <summary>Loads configurations from text: files and variables live in dictionaries.</summary>
internal static class Loading
{
    public const string Path = "/conf/etcd.yml";

    public static ConfigurationResult Load(
        Flags? flags = null, string? yaml = null, Dictionary<string, string>? variables = null, Dictionary<string, string>? files = null)
    {
        flags = [.. flags ?? []];
        if (yaml is not null)
        {
            flags.Add("--config.file", Path);
        }

        var loader = new ConfigurationLoader(
            flags,
            name => variables?.GetValueOrDefault(name),
            Files(yaml, files));
        return loader.Load();
    }

    /// <summary>The configuration file, these others, and PEM files below <c>/pki</c>.</summary>
    public static Func<string, string> Files(string? yaml, Dictionary<string, string>? files = null) => path =>
        path == Path && yaml is not null ? yaml
            : files?.GetValueOrDefault(path) ?? (path.StartsWith("/pki/", StringComparison.Ordinal) ? "-----BEGIN TEST-----" : throw new FileNotFoundException());

    public static ClusterConfiguration Only(this ConfigurationResult result)
    {
        result.Errors.Select(error => error.ToString()).Should().BeEmpty();
        return result.Configuration!.Clusters.Should().ContainSingle().Subject;
    }
}

/// <summary>A command line as the parser hands it over: a flag with its values.</summary>
internal sealed class Flags : Dictionary<string, IReadOnlyList<string>>
{
    /// <summary>A null is a flag that is not given.</summary>
    public void Add(string name, params string?[] values)
    {
        if (values is not [null])
        {
            base.Add(name, [.. values.OfType<string>()]);
        }
    }

    public void Add(KeyValuePair<string, IReadOnlyList<string>> flag) => base.Add(flag.Key, flag.Value);
}
