using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.Soak;

/// <summary>One cluster that the exporter watches: real members, or none that would ever answer.</summary>
internal sealed class SoakCluster(string name, EtcdCluster? etcd, string settings)
{
    public string Name => name;

    /// <summary>Null where no endpoint ever serves.</summary>
    public EtcdCluster? Etcd => etcd;

    /// <summary>As the configuration names them.</summary>
    public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>All that are probed, those that discovery adds included.</summary>
    public IReadOnlyList<string> Probed { get; init; } = [];

    /// <summary>What lets etcdctl in.</summary>
    public IReadOnlyList<string> Login { get; init; } = [];

    /// <summary>In front of the last member.</summary>
    public Gate? Gate { get; init; }

    public ConfigurationFile? Password { get; init; }

    public ClientFiles? Files { get; init; }

    /// <summary>Whether etcd's JSON gateway tells who leads: it stands behind TLS as all else.</summary>
    public bool TellsLeader => etcd is { Members.Count: > 1 } && Files is null;

    /// <summary>Its part of the configuration file.</summary>
    public string Yaml => $$"""
          - name: {{name}}
            endpoints: [{{string.Join(", ", Endpoints)}}]
            probe: { interval: 1s, timeout: 2s }
            {{settings}}

        """;

    public Task<string> EtcdctlAsync(IReadOnlyList<string> arguments, string? endpoint = null) =>
        etcd!.EtcdctlAsync([.. Login, .. arguments], endpoint ?? string.Join(',', etcd.Members.Select(m => m.Endpoint)));
}
