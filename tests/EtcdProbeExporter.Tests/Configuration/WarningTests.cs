namespace EtcdProbeExporter.Tests.Configuration;

public sealed class WarningTests
{
    [Fact]
    public void A_password_over_plain_http_is_allowed_with_a_warning() =>
        Loading.Load(new Flags { { "--user", "root:hunter2" } }).Warnings.Should().Equal(
            "--user \"root\": the password travels unencrypted to http://127.0.0.1:2379");

    [Fact]
    public void Tls_options_without_a_tls_endpoint_have_no_effect() =>
        Loading.Load(yaml: "clusters:\n- endpoints: [http://a]\n  tls: {server_name: b, insecure_skip_verify: true}\n").Warnings.Should().Equal(
            "/conf/etcd.yml:3: clusters[0].tls.server_name: has no effect: no endpoint of this cluster is https",
            "/conf/etcd.yml:3: clusters[0].tls.insecure_skip_verify: has no effect: no endpoint of this cluster is https");

    [Fact]
    public void Mixed_schemes_with_tls_options_are_pointed_out() =>
        Loading.Load(new Flags { { "--endpoints", "http://a,https://b" }, { "--cacert", "/pki/ca" } }).Warnings.Should().Equal(
            "--cacert: does not apply to the endpoint http://a:2379, which is probed without TLS");

    [Fact]
    public void A_password_without_a_user_is_ignored_as_etcdctl_does_but_not_silently() =>
        Loading.Load(variables: new() { ["ETCDCTL_PASSWORD"] = "hunter2" }).Warnings.Should().Equal(
            "ETCDCTL_PASSWORD: has no effect without --user or ETCDCTL_USER");
}
