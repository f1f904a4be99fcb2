using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing.Operations;
using EtcdProbeExporter.Status;
using EtcdProbeExporter.Tests.Consensus;

namespace EtcdProbeExporter.Tests.Status;

public sealed class StatusPageTests
{
    [Fact]
    public void The_page_tells_what_the_table_tells()
    {
        var status = ClusterStatus.Of(Reported.HungLeader());
        var page = System.Net.WebUtility.HtmlDecode(Page(status));

        page.Should().Contain("<title>PROBLEM").And.Contain("write_stalled").And.Contain("leader m2 (m2:2379) at term 12083");
        page.Should().ContainAll(status.Findings.Select(f => f.Text));
        page.Should().ContainAll(status.Findings.Select(f => $"href=\"{f.RunbookUrl}\""));
    }

    [Fact]
    public void Nothing_that_comes_from_outside_can_become_markup()
    {
        const string Evil = "<script>alert('x')</script>\"'&";
        var endpoint = Reported.Endpoint(
            1, Told.Status(1, 1) with { Version = Evil, Errors = [Evil] }, 1, (ProbeOperation.Put, FailureReason.Other, Evil)) with
        {
            Members = [new ClusterMember(1, Evil, ["http://m1:2379"], false)],
        };

        var page = Page(ClusterStatus.Of(Reported.Cluster([endpoint])), configuration: Evil);

        page.Should().NotContain("<script>alert").And.Contain("&lt;script&gt;alert");
        page.Split("<script>").Should().HaveCount(2, "the only script is ours");
    }

    [Fact]
    public void It_loads_nothing_and_refreshes_itself_without_a_script()
    {
        var page = Page(ClusterStatus.Of(Reported.Healthy()));

        page.Should().NotContain("src=").And.NotContain("<link").And.NotContain(" style=").And.NotContain(" onclick=");
        page.Should().Contain("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>");
        StatusPage.ContentSecurityPolicy.Should().NotContain("unsafe").And.Contain("default-src 'none'");
    }

    [Fact]
    public void The_strip_has_a_bar_for_each_remembered_probe_and_says_how_many_failed()
    {
        var endpoint = Reported.Endpoint(1, Told.Status(1, 1), 1);
        PastProbe[] past =
        [
            new(Reported.Now, TimeSpan.FromMilliseconds(2), null, ""),
            new(Reported.Now, TimeSpan.FromMilliseconds(120), null, ""),
            new(Reported.Now, TimeSpan.FromSeconds(5), FailureReason.Timeout, "no answer"),
        ];
        var page = Page(ClusterStatus.Of(Reported.Cluster([endpoint with
        {
            Operations = [.. endpoint.Operations.Select(o => o with { Recent = past })],
        }])));

        page.Should().Contain("aria-label=\"last 3 probes of put, 1 failed\"").And.Contain("<title>03:00:00 put timeout after 5.00 s</title>");
        new[] { "ok", "slow", "failed" }.Should().OnlyContain(c => page.Contains($"<rect class=\"{c}\"", StringComparison.Ordinal));
    }

    private static string Page(ClusterStatus status, string configuration = "clusters: []") => StatusPage.Of([status], "1.0.0", "/metrics", configuration);
}
