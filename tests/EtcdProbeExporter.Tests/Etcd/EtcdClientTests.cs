using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;

namespace EtcdProbeExporter.Tests.Etcd;

/// <summary>What each call puts on the wire, and what it does when its token is refused.</summary>
public sealed class EtcdClientTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly ByteString Key = ByteString.CopyFromUtf8("key");
    private static readonly ByteString Value = ByteString.CopyFromUtf8("value");

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Every_call_asks_for_what_it_is_named_after()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        foreach (var (method, answer) in new (string, IMessage)[]
                 {
                     ("Txn", new TxnResponse()), ("Range", new RangeResponse()), ("MemberList", new MemberListResponse()), ("HashKV", new HashKVResponse()),
                     ("Watch", new WatchResponse { Created = true }),
                 })
        {
            peer.Answers[method] = _ => answer;
        }

        var client = peer.Client;
        (client.Connections, client.ConnectionNumber).Should().Be((0, 0));
        (await client.StatusAsync(Timeout, default)).IsOk.Should().BeTrue();
        client.Connections.Should().Be(1);
        client.ConnectionNumber.Should().NotBe(0);
        (await client.PutAsync(Key, Value, 1, Timeout, default)).IsOk.Should().BeTrue();
        (await client.CommitNothingAsync(Key, Value, 1, Timeout, default)).IsOk.Should().BeTrue();
        (await client.GetAsync(Key, serializable: true, Timeout, default)).IsOk.Should().BeTrue();
        (await client.GetAsync(Key, serializable: false, Timeout, default)).IsOk.Should().BeTrue();
        (await client.LocalMemberListAsync(Timeout, default)).IsOk.Should().BeTrue();
        (await client.HashKVAsync(42, Timeout, default)).IsOk.Should().BeTrue();
        await (await client.WatchAsync(Key, 7, Timeout, default)).Message!.DisposeAsync();

        peer.Methods.Should().Equal("Status", "Put", "Txn", "Range", "Range", "MemberList", "HashKV", "Watch");
        peer.Requests.Select(r => r.Token).Should().OnlyContain(token => token == null, "there is no login");
        IMessage[] expected =
        [
            new StatusRequest(),
            new PutRequest { Key = Key, Value = Value },
            new TxnRequest
            {
                Compare = { new Compare { Key = Key, Target = Compare.Types.CompareTarget.Version, Result = Compare.Types.CompareResult.Less, Version = 0 } },
                Success = { new RequestOp { RequestPut = new PutRequest { Key = Key, Value = Value } } },
            },
            new RangeRequest { Key = Key, Limit = 1, Serializable = true },
            new RangeRequest { Key = Key, Limit = 1, Serializable = false },
            new MemberListRequest { Linearizable = false },
            new HashKVRequest { Revision = 42 },
            new WatchRequest { CreateRequest = new WatchCreateRequest { Key = Key, StartRevision = 7 } },
        ];
        peer.Requests.Select(r => Convert.ToHexString(r.Message)).Should().Equal(expected.Select(m => Convert.ToHexString(m.ToByteArray())));
    }

    [Fact]
    public async Task Nothing_is_written_on_another_connection_than_the_one_that_was_meant()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        await peer.Client.StatusAsync(Timeout, default);

        (await peer.Client.PutAsync(Key, Value, 2, Timeout, default)).Failure.Should().Be(GrpcConnection.NotSent);
        (await peer.Client.CommitNothingAsync(Key, Value, 2, Timeout, default)).Failure.Should().Be(GrpcConnection.NotSent);
        peer.Methods.Should().Equal("Status");
    }

    [Fact]
    public async Task Whoever_has_a_login_shows_its_token_and_logs_in_once()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());

        (await peer.Client.StatusAsync(Timeout, default)).IsOk.Should().BeTrue();
        (await peer.Client.PutAsync(Key, Value, 1, Timeout, default)).IsOk.Should().BeTrue();

        peer.Methods.Should().Equal("Authenticate", "Status", "Put");
        peer.Requests.Select(r => r.Token).Should().Equal(null, "first", "first");
        AuthenticateRequest.Parser.ParseFrom(peer.Requests[0].Message).Should().Be(new AuthenticateRequest { Name = "probe", Password = "secret" });
    }

    [Fact]
    public async Task What_the_login_took_is_taken_from_the_time_of_the_call()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Authenticate"] = _ => After(3, new AuthenticateResponse { Token = "first" });

        await peer.Client.PutAsync(Key, Value, 1, Timeout, default);

        peer.Requests.Select(r => r.Timeout).Should().Equal(["11000m", "8000m"], "a second more is told to the server than is waited");
    }

    [Theory]
    [InlineData(EtcdErrors.InvalidAuthToken)]
    [InlineData(EtcdErrors.AuthOldRevision)]
    [InlineData(EtcdErrors.UserEmpty)]
    public async Task A_refused_token_makes_one_new_login_and_one_more_call_in_the_time_that_is_left(string refusal)
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        await peer.Client.StatusAsync(Timeout, default);
        peer.Answers["Authenticate"] = _ => After(1, new AuthenticateResponse { Token = "second" });
        peer.Answers["Put"] = request => request.Token == "second" ? new PutResponse() : After(2, refusal);

        (await peer.Client.PutAsync(Key, Value, 1, Timeout, default)).IsOk.Should().BeTrue();

        peer.Requests.Skip(2).Select(r => (r.Method, r.Token, r.Timeout)).Should().Equal(
            ("Put", "first", "11000m"), ("Authenticate", null, "9000m"), ("Put", "second", "8000m"));
    }

    [Fact]
    public async Task A_token_that_is_refused_twice_is_the_answer()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Status"] = _ => EtcdErrors.InvalidAuthToken;

        (await peer.Client.StatusAsync(Timeout, default)).Failure!.Detail.Should().Be(EtcdErrors.InvalidAuthToken);

        peer.Methods.Should().Equal("Authenticate", "Status", "Authenticate", "Status");
    }

    [Fact]
    public async Task Other_errors_are_told_once_and_keep_the_token()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Status"] = _ => EtcdErrors.PermissionDenied;

        (await peer.Client.StatusAsync(Timeout, default)).Failure!.Detail.Should().Be(EtcdErrors.PermissionDenied);
        await peer.Client.PutAsync(Key, Value, 1, Timeout, default);

        peer.Methods.Should().Equal("Authenticate", "Status", "Put");
    }

    [Fact]
    public async Task Without_a_login_a_refused_token_is_told_at_once()
    {
        await using var peer = await RecordingPeer.StartAsync(_time);
        peer.Answers["Status"] = _ => EtcdErrors.UserEmpty;

        (await peer.Client.StatusAsync(Timeout, default)).Failure!.Detail.Should().Be(EtcdErrors.UserEmpty);

        peer.Methods.Should().Equal("Status");
    }

    [Fact]
    public async Task A_login_that_fails_is_the_failure_of_call_and_watch()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Authenticate"] = _ => EtcdErrors.AuthFailed;

        (await peer.Client.StatusAsync(Timeout, default)).Failure!.Detail.Should().Be(EtcdErrors.AuthFailed);
        (await peer.Client.WatchAsync(Key, 0, Timeout, default)).Failure!.Detail.Should().Be(EtcdErrors.AuthFailed);

        peer.Methods.Should().Equal("Authenticate");
    }

    [Fact]
    public async Task What_a_member_answers_from_its_memory_is_asked_without_a_token_where_the_login_hangs()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Authenticate"] = _ => null; // where no quorum is: a login is a raft entry

        var status = peer.Client.StatusAsync(Timeout, default);
        await Condition.EventuallyAsync(() => peer.Methods.Contains("Authenticate"), "it logs in");
        _time.Advance(Timeout / 2);
        (await status).IsOk.Should().BeTrue();
        var put = peer.Client.PutAsync(Key, Value, 1, Timeout, default);
        await Condition.EventuallyAsync(() => peer.Methods.Count() == 3, "it logs in again");
        _time.Advance(Timeout);

        (await put).Failure!.Detail.Should().Be("no answer within 10 s", "a write waits for its token");
        peer.Requests.Select(r => (r.Method, r.Token, r.Timeout)).Should().Equal(
            ("Authenticate", null, "6000m"), ("Status", null, "6000m"), ("Authenticate", null, "11000m"));
    }

    [Fact]
    public async Task A_watch_shows_its_token_and_opens_in_what_the_login_leaves_of_its_time()
    {
        await using var peer = await RecordingPeer.StartAsync(_time, NewLogin());
        peer.Answers["Authenticate"] = _ => After(3, new AuthenticateResponse { Token = "first" });
        peer.Answers["Watch"] = _ => null;

        var opening = peer.Client.WatchAsync(Key, 0, Timeout, default);
        await Condition.EventuallyAsync(() => peer.Methods.Contains("Watch"), "the watch is asked for");
        _time.Advance(TimeSpan.FromSeconds(7));

        (await opening).Failure!.Detail.Should().Be("no answer within 7 s");
        peer.Requests[1].Token.Should().Be("first");
    }

    private object After(double seconds, object answer)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private Login NewLogin() => new("probe", () => "secret", _time);
}
