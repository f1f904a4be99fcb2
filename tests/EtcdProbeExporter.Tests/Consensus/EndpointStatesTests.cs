using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Tests.Consensus;

/// <summary>The table of the endpoint's state: one row per kind of evidence, each as real etcd gives it.</summary>
public sealed class EndpointStatesTests
{
    // A result is "ok", a reason, or "-" for not probed. The member column: what Status says of itself, "-" when it did not answer.
    [Theory]
    [InlineData("-", "-", "-", "-", "-", "unknown", "no probe has ended")]
    [InlineData("ok", "ok", "ok", "ok", "leader", "healthy", "the normal case")]
    [InlineData("-", "ok", "ok", "ok", "leader", "healthy", "write probes are off")]
    [InlineData("ok", "ok", "ok", "permission_denied", "-", "healthy", "Status needs root, everything else is served")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "-", "unresponsive", "SIGSTOP: TCP connects and nothing answers")]
    [InlineData("timeout", "timeout", "timeout", "timeout", "list", "write_stalled", "backend stall: only the member list still answers")]
    [InlineData("connect", "connect", "connect", "connect", "-", "unreachable", "killed")]
    [InlineData("timeout", "connect", "connect", "connect", "-", "unreachable", "killed while a probe hung")]
    [InlineData("dns", "dns", "dns", "dns", "-", "unreachable", "the name is gone")]
    [InlineData("unavailable", "unavailable", "unavailable", "unavailable", "-", "unreachable", "connections break")]
    [InlineData("tls", "tls", "tls", "tls", "-", "tls_error", "certificate refused")]
    [InlineData("tls", "timeout", "tls", "tls", "-", "tls_error", "one probe was still waiting when TLS began to fail")]
    [InlineData("timeout", "timeout", "ok", "ok", "leader", "write_stalled", "fdatasync hangs: local answers, no consensus")]
    [InlineData("timeout", "ok", "ok", "ok", "leader", "write_stalled", "reads are quicker than writes on a slow disk")]
    [InlineData("timeout", "timeout", "ok", "timeout", "-", "write_stalled", "slow disk: Status hangs now and then")]
    [InlineData("ok", "ok", "timeout", "ok", "leader", "write_stalled", "the backend's fsync hangs: local reads wait for its lock, puts follow")]
    [InlineData("ok", "ok", "ok", "timeout", "-", "write_stalled", "the same, seen by Status first")]
    [InlineData("too_many_requests", "ok", "ok", "ok", "leader", "write_stalled", "applying is thousands of entries behind")]
    [InlineData("timeout", "timeout", "ok", "ok", "none", "no_leader", "two of three killed: the survivor")]
    [InlineData("ok", "leader_changed", "ok", "ok", "leader", "no_leader", "in the middle of an election")]
    [InlineData("no_space", "ok", "ok", "ok", "nospace", "no_space", "NOSPACE")]
    [InlineData("ok", "ok", "ok", "ok", "nospace", "no_space", "NOSPACE is told before the next write is tried")]
    [InlineData("no_space", "ok", "ok", "timeout", "-", "no_space", "the refusal itself tells")]
    [InlineData("corrupt", "ok", "ok", "ok", "corrupt", "corrupt", "CORRUPT")]
    [InlineData("corrupt", "ok", "ok", "ok", "both", "corrupt", "CORRUPT is worse than NOSPACE")]
    [InlineData("learner", "learner", "ok", "ok", "learner", "learner", "a learner")]
    [InlineData("unauthenticated", "unauthenticated", "unauthenticated", "ok", "leader", "unauthorized", "no login")]
    [InlineData("permission_denied", "permission_denied", "permission_denied", "ok", "leader", "unauthorized", "no role")]
    [InlineData("ok", "ok", "ok", "ok", "foreign", "foreign", "another cluster, however healthy")]
    [InlineData("timeout", "timeout", "ok", "ok", "foreign", "foreign", "another cluster, whatever its troubles")]
    [InlineData("protocol", "protocol", "protocol", "protocol", "-", "unknown", "something that is not etcd")]
    [InlineData("ok", "ok", "other", "ok", "leader", "unknown", "nothing that we have a word for")]
    public void Evidence_adds_up_to_a_state(
        string put, string get, string getLocal, string status, string member, string state, string because)
    {
        var evidence = new EndpointEvidence
        {
            Put = Verdict(put),
            Get = Verdict(get),
            GetLocal = Verdict(getLocal),
            Status = Verdict(status),
            MemberListAnswered = member == "list",
            Member = Member(member),
            IsForeign = member == "foreign",
        };

        EndpointStates.Of(evidence).Label().Should().Be(state, because);
    }

    [Fact]
    public void The_label_values_are_the_published_set()
    {
        EndpointStates.All.Select(s => s.Label()).Should().Equal(
            "healthy", "write_stalled", "unresponsive", "unreachable", "tls_error", "unauthorized", "no_leader", "no_space", "corrupt", "learner",
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
