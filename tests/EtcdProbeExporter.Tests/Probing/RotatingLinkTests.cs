using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Probing;
using EtcdProbeExporter.Probing.Links;
using EtcdProbeExporter.Tests.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace EtcdProbeExporter.Tests.Probing;

public sealed class RotatingLinkTests : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(6);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<EtcdClient> _proved = [];
    private string? _objection;

    [Fact]
    public async Task A_connection_is_replaced_when_it_is_old_and_not_before()
    {
        using var link = Start();
        var first = await ClientAsync(link);

        await AdvanceAsync(TimeSpan.FromMinutes(9));
        (await ClientAsync(link)).Should().BeSameAs(first);
        await AdvanceAsync(TimeSpan.FromMinutes(3));

        await Condition.EventuallyAsync(() => _proved.Count == 1, "a fresh one was tried");
        (await ClientAsync(link)).Should().BeSameAs(_proved[0]).And.NotBeSameAs(first);
    }

    [Fact]
    public async Task One_that_does_not_prove_itself_replaces_nothing_and_is_tried_again()
    {
        using var link = Start();
        var first = await ClientAsync(link);
        _objection = "no handshake";

        await AdvanceAsync(TimeSpan.FromMinutes(14));
        _proved.Should().HaveCountGreaterThan(1);
        (await ClientAsync(link)).Should().BeSameAs(first);

        _objection = null;
        await AdvanceAsync(TimeSpan.FromMinutes(2));
        (await ClientAsync(link)).Should().BeSameAs(_proved[^1]).And.NotBeSameAs(first);
    }

    [Fact]
    public async Task Calls_on_a_link_that_is_gone_fail_as_values()
    {
        var link = Start();
        await _stop.CancelAsync();
        link.Dispose();

        var answer = await link.UseAsync(client => client.StatusAsync(TimeSpan.FromSeconds(5), CancellationToken.None));

        answer.IsOk.Should().BeFalse();
    }

    public void Dispose() => _stop.Dispose();

    private static Task<EtcdClient> ClientAsync(RotatingLink link) => link.UseAsync(Task.FromResult);

    private RotatingLink Start()
    {
        var cluster = new ClusterConfiguration { Name = "c", Endpoints = [new EndpointAddress("http", "127.0.0.1", 1)] };
        var context = new ClusterContext
        {
            Configuration = cluster,
            Credentials = ClusterCredentials.Open(cluster, NullLogger.Instance).Credentials!,
            Exporter = 1,
            Time = _time,
            Logger = NullLogger.Instance,
            Errors = TestParts.Errors(),
        };
        var link = new RotatingLink(cluster.Endpoints[0], context, static _ => { });
        _ = link.RotateAsync(ProveAsync, _stop.Token);
        return link;
    }

    private Task<string?> ProveAsync(EtcdClient client, CancellationToken cancellationToken)
    {
        _proved.Add(client);
        return Task.FromResult(_objection);
    }

    /// <summary>In steps, each when the loop waits again.</summary>
    private async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= Look)
        {
            await Condition.EventuallyAsync(() => _time.Waiting > 0, "the loop waits");
            _time.Advance(Look);
        }

        await Condition.EventuallyAsync(() => _time.Waiting > 0, "the loop waits");
    }
}
