using System.Text.Json;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>The status page of a real incident, in a real browser.</summary>
public sealed class StatusPageTests
{
    [EtcdFact("chromium")]
    public async Task The_page_tells_of_a_frozen_member_and_runs_under_its_own_content_policy()
    {
        await using var etcd = await EtcdCluster.StartAsync();
        await using var exporter = await ExporterProcess.StartAsync(etcd, "1s");
        var frozen = await etcd.FollowerAsync();
        var healthy = await BrowseAsync(exporter);
        healthy.Dom.Should().Contain("Nothing is wrong.").And.Contain("class=\"badge ok\"");

        await frozen.FreezeAsync();
        await exporter.EventuallyAsync(s => s.State(frozen) == "unresponsive", "the frozen member is seen");
        var ill = await BrowseAsync(exporter);

        ill.Dom.Should().Contain("<title>PROBLEM").And.Contain($"{frozen.Endpoint} (").And.Contain("answers nothing").And.Contain("rect class=\"failed\"");
        healthy.Console.Should().NotContain("Content Security Policy").And.NotContain("Uncaught");
        ill.Console.Should().NotContain("Content Security Policy").And.NotContain("Uncaught");
        using var json = JsonDocument.Parse(await (await exporter.GetAsync("/api/v1/status")).Content.ReadAsStringAsync());
        json.RootElement.GetProperty("healthy").GetBoolean().Should().BeFalse();
    }

    /// <summary>The page as the browser has it after a few refreshes of its own, and what its console said.</summary>
    private static async Task<(string Dom, string Console)> BrowseAsync(ExporterProcess exporter)
    {
        var profile = Directory.CreateTempSubdirectory("etcd-probe-browser").FullName;
        try
        {
            await using var browser = RunningProcess.Start(
                "chromium",
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", $"--user-data-dir={profile}", "--enable-logging=stderr",
                    "--virtual-time-budget=5000", "--dump-dom", $"http://127.0.0.1:{exporter.Port}/",
                ]);
            await browser.WaitAsync(TimeSpan.FromSeconds(60));
            return (browser.Output, browser.Errors);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
