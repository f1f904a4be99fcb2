using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Etcd;

/// <summary>A login is dear to etcd: as few as possible, one at a time, and a pause after one that failed.</summary>
public sealed class LoginTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly ManualTime _time = new();
    private readonly Login _login;
    private string _password = "secret";

    public LoginTests() => _login = new Login("probe", () => _password, _time);

    [Fact]
    public async Task After_a_failed_login_there_is_a_pause_of_five_seconds()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => EtcdErrors.AuthFailed;
        (await TokenAsync(peer)).Failure!.Detail.Should().Be(EtcdErrors.AuthFailed);
        peer.Answers["Authenticate"] = _ => new AuthenticateResponse { Token = "good" };

        _time.Advance(TimeSpan.FromSeconds(4.9));
        (await TokenAsync(peer)).Failure!.Detail.Should().Be(EtcdErrors.AuthFailed, "nobody is asked");
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await TokenAsync(peer)).Should().Be(("good", null));

        peer.Requests.Select(r => AuthenticateRequest.Parser.ParseFrom(r.Message).Password).Should().Equal("secret", "secret");
    }

    [Fact]
    public async Task An_error_that_may_pass_is_waited_out_for_a_second_only()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => "etcdserver: no leader";
        await TokenAsync(peer);
        peer.Answers["Authenticate"] = _ => new AuthenticateResponse { Token = "good" };

        _time.Advance(TimeSpan.FromSeconds(0.9));
        (await TokenAsync(peer)).Failure!.Detail.Should().Be("etcdserver: no leader");
        _time.Advance(TimeSpan.FromSeconds(0.1));
        (await TokenAsync(peer)).Should().Be(("good", null));
    }

    [Fact]
    public async Task A_login_that_nobody_answered_is_tried_again_by_the_next_call()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => null;
        var silent = TokenAsync(peer);
        await Condition.EventuallyAsync(() => peer.Methods.Any(), "it is asked");
        _time.Advance(Timeout);
        (await silent).Failure!.Kind.Should().Be(GrpcFailureKind.Deadline);
        peer.Answers["Authenticate"] = _ => new AuthenticateResponse { Token = "good" };

        (await TokenAsync(peer)).Should().Be(("good", null));
    }

    [Fact]
    public async Task A_new_password_is_tried_at_once()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => EtcdErrors.AuthFailed;
        await TokenAsync(peer);
        (_password, peer.Answers["Authenticate"]) = ("renewed", _ => new AuthenticateResponse { Token = "good" });

        (await TokenAsync(peer)).Should().Be(("good", null));

        peer.Requests.Select(r => AuthenticateRequest.Parser.ParseFrom(r.Message).Password).Should().Equal("secret", "renewed");
    }

    [Fact]
    public async Task A_success_ends_the_pause()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => EtcdErrors.AuthFailed;
        await TokenAsync(peer);
        _time.Advance(TimeSpan.FromSeconds(5));
        peer.Answers["Authenticate"] = _ => new AuthenticateResponse { Token = "good" };
        var (token, _) = await TokenAsync(peer);

        _login.Reject(token!);

        (await TokenAsync(peer)).Should().Be(("good", null), "the old failure is forgotten");
        peer.Methods.Should().HaveCount(3);
    }

    [Fact]
    public async Task Where_auth_is_off_there_is_no_token_and_that_is_remembered()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => EtcdErrors.AuthNotEnabled;

        (await TokenAsync(peer)).Should().Be(("", null));
        (await TokenAsync(peer)).Should().Be(("", null));

        peer.Methods.Should().Equal("Authenticate");
    }

    [Fact]
    public async Task Only_the_present_token_can_be_refused()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        var (first, _) = await TokenAsync(peer);
        _login.Reject(first!);
        var (second, _) = await TokenAsync(peer);
        peer.Methods.Should().HaveCount(2);

        _login.Reject(first!);

        (await TokenAsync(peer)).Token.Should().BeSameAs(second, "the refusal was of the login before, though the words are the same");
        peer.Methods.Should().HaveCount(2);
    }

    [Fact]
    public async Task Of_many_that_want_a_token_one_fetches_it()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        using var others = new SemaphoreSlim(0);
        peer.Answers["Authenticate"] = _ =>
        {
            others.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
            return new AuthenticateResponse { Token = "first" };
        };

        var waiting = Enumerable.Range(0, 3).Select(_ => TokenAsync(peer)).ToList();
        others.Release(3);

        (await Task.WhenAll(waiting)).Should().OnlyContain(t => t.Token == "first" && t.Failure == null);
        peer.Methods.Should().Equal("Authenticate");
    }

    [Fact]
    public async Task Waiting_for_anothers_login_takes_no_longer_than_the_call_may()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => null;
        var first = _login.TokenAsync(peer.Connection, TimeSpan.FromSeconds(60), default);
        await Condition.EventuallyAsync(() => peer.Methods.Any(), "the first one asks");
        var second = TokenAsync(peer);

        _time.Advance(Timeout);
        var (token, failure) = await second;
        (token, failure!.Kind, failure.Detail).Should().Be((null, GrpcFailureKind.Deadline, "waited for another login that did not end"));

        _time.Advance(TimeSpan.FromSeconds(60));
        (await first).Failure!.Detail.Should().Be("no answer within 60 s");
        peer.Methods.Should().Equal("Authenticate");
    }

    [Fact]
    public async Task What_was_waited_for_another_is_taken_from_the_time_of_the_next()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => null;
        using var stop = new CancellationTokenSource();
        var first = _login.TokenAsync(peer.Connection, Timeout, stop.Token);
        await Condition.EventuallyAsync(() => peer.Methods.Any(), "the first one asks");
        var second = TokenAsync(peer);
        _time.Advance(TimeSpan.FromSeconds(4));
        peer.Answers["Authenticate"] = _ => new AuthenticateResponse { Token = "first" };

        await stop.CancelAsync();

        await first.Awaiting(f => f).Should().ThrowAsync<OperationCanceledException>();
        (await second).Token.Should().Be("first", "who gives up leaves the place to the next");
        peer.Requests[1].Timeout.Should().Be("7000m");
    }

    [Fact]
    public async Task Whoever_is_cancelled_while_it_waits_has_no_result()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Authenticate"] = _ => null;
        using var stop = new CancellationTokenSource();
        var first = TokenAsync(peer);
        await Condition.EventuallyAsync(() => peer.Methods.Any(), "the first one asks");
        var second = _login.TokenAsync(peer.Connection, Timeout, stop.Token);

        await stop.CancelAsync();

        await second.Awaiting(s => s).Should().ThrowAsync<OperationCanceledException>();
        _time.Advance(Timeout);
        (await first).Failure!.Kind.Should().Be(GrpcFailureKind.Deadline);
    }

    [Theory]
    [InlineData(GrpcFailureKind.Status, EtcdErrors.InvalidAuthToken, true)]
    [InlineData(GrpcFailureKind.Status, EtcdErrors.AuthOldRevision + " again", true)]
    [InlineData(GrpcFailureKind.Status, EtcdErrors.UserEmpty, true)]
    [InlineData(GrpcFailureKind.Status, EtcdErrors.AuthFailed, false)]
    [InlineData(GrpcFailureKind.Protocol, EtcdErrors.InvalidAuthToken, false)]
    internal void A_token_is_refused_by_etcds_own_words_only(GrpcFailureKind kind, string text, bool refused) =>
        Login.IsTokenRejected(new GrpcFailure(kind, new GrpcStatus(GrpcStatusCode.Unauthenticated, text))).Should().Be(refused);

    private Task<(string? Token, GrpcFailure? Failure)> TokenAsync(RecordingPeer peer) => _login.TokenAsync(peer.Connection, Timeout, default);
}
