namespace EtcdProbeExporter.Cli;

/// <summary>The help page, written by hand so that it teaches; a test holds that no flag is missing.</summary>
internal static class HelpText
{
    public const string Page = """
        etcd-probe-exporter proves from outside, every few seconds, that each etcd endpoint and the cluster
        accept writes and answer reads, and exports what it sees to Prometheus.

        Usage:
          etcd-probe-exporter [run] [flags]            probe for ever, serve metrics over HTTP (default)
          etcd-probe-exporter check [flags] [-o json]  one round of probes; exit 0 healthy, 1 something is wrong
          etcd-probe-exporter check-config [flags]     validate, print the effective configuration; exit 0 or 2
          etcd-probe-exporter healthcheck [flags]      ask the exporter that runs here whether it lives; exit 0 or 1

        Examples:
          etcd-probe-exporter check --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379
              look once: the table of etcdctl endpoint status, with put and get latencies and findings
          etcd-probe-exporter --endpoints 10.0.0.1:2379,10.0.0.2:2379,10.0.0.3:2379
              probe three members without TLS, metrics on http://localhost:10379/metrics
          etcd-probe-exporter --endpoints 10.0.0.1:2379 --cacert ca.crt --cert client.crt --key client.key
              the same with mutual TLS: the flags of etcdctl, with the same meaning
          etcd-probe-exporter --config.file clusters.yml
              several clusters, discovery, and everything else that has no flag

        Endpoints and credentials, as in etcdctl (a flag beats its variable, both beat the file):
          --endpoints <list>                host:port or URLs, comma separated, may be repeated; without a scheme
                                            http, or https when a certificate option is given
                                            [ETCDCTL_ENDPOINTS, default 127.0.0.1:2379]
          --cacert <file>                   CA bundle that signs the servers' certificates [ETCDCTL_CACERT]
          --cert <file>                     client certificate [ETCDCTL_CERT]
          --key <file>                      key of the client certificate [ETCDCTL_KEY]
          --user <name[:password]>          user name; never prompts for a password [ETCDCTL_USER]
          --password <password>             its password; then --user is the name alone [ETCDCTL_PASSWORD]
          --insecure-skip-tls-verify        accept any server certificate
                                            [ETCDCTL_INSECURE_SKIP_TLS_VERIFY, default false]
          These belong to one cluster and are refused beside a file that has several.

        Configuration file:
          --config.file <file>              YAML file; unknown keys are errors [no default]
          --config.check                    the same as the command check-config

        Probing (for all clusters, also against the file):
          --probe.interval <duration>       time between two probes of an endpoint [default 5s, 100ms to 1d]
          --probe.timeout <duration>        when a probe has failed [default 5s, at most ten intervals]
          Durations are written as 500ms, 5s or 1m30s.

        Web:
          --web.listen-address <address>    where to serve HTTP [default :10379]
          --web.telemetry-path <path>       where to serve metrics [default /metrics]
          --web.external-url <url>          under which address others reach the exporter, with a path prefix if a
                                            proxy takes one away; the targets of /sd/etcd are made from it
                                            [default: the Host header of the request]
          --web.enable-lifecycle            allow POST /-/reload; SIGHUP always works [default false]
          --web.config.file <file>          not supported in this version, refused

        Logging (to standard error):
          --log.level <level>               debug, info, warn or error [default info]
          --log.format <format>             logfmt or json [default logfmt]

        Output of check:
          -o, --output <format>             table or json; -w and --write-out, as in etcdctl, are the same
                                            [default table]
          --command-timeout <duration>      etcdctl's word for --probe.timeout, of check only

        Other:
          -h, --help                        this text
          --version                         version and revision

        Exit codes: 0 success, 1 crashed (check: something is wrong), 2 wrong usage or configuration refused.

        """;
}
