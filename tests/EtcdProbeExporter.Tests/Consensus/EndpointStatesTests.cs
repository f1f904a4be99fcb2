using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>The table of the endpoint's state: one row per kind of evidence, each as real etcd gives it.</summary>
public sealed class EndpointStatesTests
{
    // A result is "ok", a reason, or "-" for not probed. The member column: what Status says of itself, "-" when it did not answer; behind
    // colons what several rounds have shown: where it hangs, that it is slow, that its watch is silent.
    [Theory]
    [InlineData("-", "-", "-", "-", "-", "unknown", "no probe has ended")]
    [InlineData("ok", "ok", "ok", "ok", "leader", "healthy", "the normal case")]
    [InlineData("-", "ok", "ok", "ok", "leader", "healthy", "write probes are off")]
    [InlineData("ok", "ok", "ok", "permission_denied", "-", "healthy", "Status needs root, everything else is served")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "-", "unresponsive", "SIGSTOP: TCP connects and nothing answers")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "list:backend", "write_stalled", "backend stall: only the member list still answers")]
    [InlineData("timeout", "connect", "timeout", "timeout", "list:backend", "write_stalled", "the same, when one of the probes met a connection that broke")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "list:disk", "write_stalled", "the same, and the log stands still as well")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "list:database", "write_stalled", "the same, and the log is written")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "list:defragmentation", "defragmenting", "the same, and it says that it defragments")]
    [InlineData("connect", "connect", "connect", "connect", "-", "unreachable", "killed")]
    [InlineData("timeout", "connect", "connect", "connect", "-", "unreachable", "killed while a probe hung")]
    [InlineData("dns", "dns", "dns", "dns", "-", "unreachable", "the name is gone")]
    [InlineData("unavailable", "unavailable", "unavailable", "unavailable", "-", "unreachable", "connections break")]
    [InlineData("tls", "tls", "tls", "tls", "-", "tls_error", "certificate refused")]
    [InlineData("tls", "timeout", "tls", "tls", "-", "tls_error", "one probe was still waiting when TLS began to fail")]
    [InlineData("timeout", "timeout", "ok", "ok", "leader:log", "write_stalled", "fdatasync hangs: local answers, no consensus")]
    [InlineData("timeout", "timeout", "ok", "ok", "leader:apply", "apply_stalled", "saved and not applied: local reads give old data")]
    [InlineData("timeout", "timeout", "ok", "ok", "leader:unclear", "write_stalled", "nobody can tell where")]
    [InlineData("timeout", "ok", "ok", "ok", "leader:slow", "slow", "reads are quicker than writes on a slow disk")]
    [InlineData("ok", "timeout", "ok", "ok", "leader:slow", "slow", "a get runs into the timeout now and then, no put ever fails")]
    [InlineData("ok", "ok", "timeout", "ok", "leader:slow", "slow", "a local read waits for the backend's lock")]
    [InlineData("ok", "ok", "ok", "timeout", "-:slow", "slow", "the same, seen by Status first")]
    [InlineData("ok", "ok", "ok", "ok", "leader:slow", "slow", "among the last ten slots some were lost, though not the newest")]
    [InlineData("ok", "timeout", "ok", "ok", "leader", "healthy", "one lost slot that has another explanation")]
    [InlineData("ok", "ok", "ok", "ok", "leader:watch", "watch_stalled", "only its watch is silent")]
    [InlineData("ok", "ok", "ok", "ok", "leader:slow:watch", "slow", "more than the watch is wrong")]
    [InlineData("timeout", "timeout", "ok", "ok", "leader:log:slow:watch", "write_stalled", "what ends no writes is more than slow")]
    [InlineData("too_many_requests", "ok", "ok", "ok", "leader", "apply_stalled", "applying is thousands of entries behind")]
    [InlineData("timeout", "timeout", "ok", "ok", "none:unclear", "no_leader", "who sees no leader cannot write")]
    [InlineData("timeout", "timeout", "ok", "ok", "none", "no_leader", "two of three killed: the survivor")]
    [InlineData("ok", "leader_changed", "ok", "ok", "leader", "no_leader", "in the middle of an election")]
    [InlineData("no_space", "ok", "ok", "ok", "nospace", "no_space", "NOSPACE")]
    [InlineData("ok", "ok", "ok", "ok", "nospace", "no_space", "NOSPACE is told before the next write is tried")]
    [InlineData("no_space", "ok", "ok", "timeout", "-", "no_space", "the refusal itself tells")]
    [InlineData("corrupt", "ok", "ok", "ok", "corrupt", "corrupt", "CORRUPT")]
    [InlineData("ok", "ok", "ok", "ok", "corrupt", "corrupt", "CORRUPT is told before the next write is tried")]
    [InlineData("corrupt", "ok", "ok", "timeout", "-", "corrupt", "the refusal itself tells")]
    [InlineData("corrupt", "ok", "ok", "ok", "both", "corrupt", "CORRUPT is worse than NOSPACE")]
    [InlineData("learner", "learner", "ok", "ok", "learner", "learner", "a learner")]
    [InlineData("unauthenticated", "unauthenticated", "unauthenticated", "ok", "leader", "unauthorized", "no login")]
    [InlineData("permission_denied", "permission_denied", "permission_denied", "ok", "leader", "unauthorized", "no role")]
    [InlineData("ok", "ok", "unauthenticated", "ok", "leader", "unauthorized", "auth was switched on or off: the rest was asked before or after")]
    [InlineData("ok", "ok", "permission_denied", "ok", "leader", "unauthorized", "a role that went or came: the same")]
    [InlineData("ok", "ok", "ok", "ok", "foreign", "foreign", "another cluster, however healthy")]
    [InlineData("timeout", "timeout", "ok", "ok", "foreign", "foreign", "another cluster, whatever its troubles")]
    [InlineData("protocol", "protocol", "protocol", "protocol", "-", "unknown", "something that is not etcd")]
    [InlineData("ok", "ok", "other", "ok", "leader", "unknown", "nothing that we have a word for")]
    public void Evidence_adds_up_to_a_state(
        string put, string get, string getLocal, string status, string member, string state, string because)
    {
        var kind = member.Split(':')[0];
        var evidence = new EndpointEvidence
        {
            Put = Verdict(put),
            Get = Verdict(get),
            GetLocal = Verdict(getLocal),
            Status = Verdict(status),
            MemberListAnswered = kind == "list",
            Member = Member(kind),
            IsForeign = kind == "foreign",
            Stall = StallSites.All.Select(s => (StallSite?)s).FirstOrDefault(s => member.Contains(":" + s!.Value.Label(), StringComparison.Ordinal)),
            IsSlow = member.Contains(":slow", StringComparison.Ordinal),
            IsWatchSilent = member.Contains(":watch", StringComparison.Ordinal),
        };

        EndpointStates.Of(evidence).Label().Should().Be(state, because);
    }

    [Fact]
    public void The_label_values_are_the_published_set()
    {
        EndpointStates.All.Select(s => s.Label()).Should().Equal(
            "healthy", "slow", "write_stalled", "apply_stalled", "watch_stalled", "defragmenting", "unresponsive", "unreachable", "tls_error", "unauthorized", "no_leader", "no_space", "corrupt", "learner",
            "foreign", "unknown");
    }

    private static OperationVerdict? Verdict(string text) => text switch
    {
        "-" => null,
        "ok" => OperationVerdict.Ok,
        _ => new OperationVerdict(FailureReasons.All.Single(r => r.Label() == text)),
    };

    private static MemberStatus? Member(string kind)
    {
        if (kind is "-" or "list")
        {
            return null;
        }

        var response = new StatusResponse
        {
            Header = new ResponseHeader { ClusterId = 1, MemberId = 2 },
            Leader = kind == "none" ? 0UL : 2UL,
            IsLearner = kind == "learner",
        };
        if (kind is "nospace" or "both")
        {
            response.Errors.Add("memberID:2 alarm:NOSPACE ");
        }

        if (kind is "corrupt" or "both")
        {
            response.Errors.Add("alarm:CORRUPT ");
        }

        return MemberStatus.From(response);
    }
}
