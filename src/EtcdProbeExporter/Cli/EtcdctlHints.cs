namespace EtcdProbeExporter.Cli;

/// <summary>
/// What to say of a flag that etcdctl knows and this program does not (etcdctl --help, 3.4 to 3.6): whoever has a command line that works
/// there should not have to guess.
/// </summary>
internal static class EtcdctlHints
{
    /// <summary>Null: no flag of etcdctl.</summary>
    public static string? Of(string flag) => flag switch
    {
        "--command-timeout" or "--dial-timeout" => "here --probe.timeout bounds a probe, connecting included",
        "--write-out" or "-w" => "it belongs to the command check",
        "--cluster" => "here discover: true in the configuration file",
        "--discovery-srv" or "--discovery-srv-name" => "not supported in this version; name the endpoints",
        "--insecure-transport" => "here an endpoint without TLS is written http://HOST:PORT",
        "--debug" => "here --log.level debug",
        "--keepalive-time" or "--keepalive-timeout" => "here --probe.timeout bounds every probe, so that a dead connection shows",
        "--insecure-discovery" or "--hex" => "etcdctl's, without meaning here",
        _ => null,
    };
}
