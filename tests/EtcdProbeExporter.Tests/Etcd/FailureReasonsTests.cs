using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Tests.Etcd;

public sealed class FailureReasonsTests
{
    // One row for every error that etcd's client API defines (api/v3rpc/rpctypes/error.go), and for raft's texts that it does not map.
    [Theory]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: no leader", "no_leader")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: leader changed", "leader_changed")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: not leader", "other")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: request timed out", "timeout")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: request timed out, possibly due to previous leader failure", "timeout")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: request timed out, possibly due to connection lost", "timeout")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: request timed out, waiting for the applied index took too long", "timeout")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: server stopped", "unavailable")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: unhealthy cluster", "unavailable")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: not capable", "unavailable")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: not capable", "unavailable")]
    [InlineData(GrpcStatusCode.Unavailable, "etcdserver: rpc not supported for learner", "learner")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: rpc not supported for learner", "learner")]
    [InlineData(GrpcStatusCode.ResourceExhausted, "etcdserver: mvcc: database space exceeded", "no_space")]
    [InlineData(GrpcStatusCode.Unknown, "etcdserver: too many requests", "too_many_requests")]
    [InlineData(GrpcStatusCode.ResourceExhausted, "etcdserver: too many requests", "too_many_requests")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: request is too large", "other")]
    [InlineData(GrpcStatusCode.DataLoss, "etcdserver: corrupt cluster", "corrupt")]
    [InlineData(GrpcStatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted", "other")]
    [InlineData(GrpcStatusCode.OutOfRange, "etcdserver: mvcc: required revision is a future revision", "other")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: key is not provided", "other")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: duplicate key given in txn request", "other")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: too many operations in txn request", "other")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: invalid client api version", "other")]
    [InlineData(GrpcStatusCode.PermissionDenied, "etcdserver: permission denied", "permission_denied")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: authentication failed, invalid user ID or password", "unauthenticated")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: user name is empty", "unauthenticated")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: user name not found", "unauthenticated")]
    [InlineData(GrpcStatusCode.Unauthenticated, "etcdserver: invalid auth token", "unauthenticated")]
    [InlineData(GrpcStatusCode.InvalidArgument, "etcdserver: revision of auth store is old", "unauthenticated")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: authentication is not enabled", "unauthenticated")]
    [InlineData(GrpcStatusCode.NotFound, "etcdserver: requested lease not found", "other")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: lease already exists", "other")]
    [InlineData(GrpcStatusCode.OutOfRange, "etcdserver: too large lease TTL", "other")]
    [InlineData(GrpcStatusCode.NotFound, "etcdserver: member not found", "other")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: can only promote a learner member", "other")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: can only promote a learner member which is in sync with leader", "other")]
    [InlineData(GrpcStatusCode.FailedPrecondition, "etcdserver: cluster ID mismatch", "cluster_mismatch")]
    [InlineData(GrpcStatusCode.Cancelled, "etcdserver: request canceled", "unavailable")]
    [InlineData(GrpcStatusCode.DeadlineExceeded, "context deadline exceeded", "timeout")]
    [InlineData(GrpcStatusCode.Unknown, "raft proposal dropped", "leader_changed")]
    [InlineData(GrpcStatusCode.Unknown, "not primary", "other")]
    [InlineData(GrpcStatusCode.Unavailable, "transport is closing", "unavailable")]
    [InlineData(GrpcStatusCode.Unimplemented, "unknown service etcdserverpb.KV", "protocol")]
    [InlineData(GrpcStatusCode.Internal, "stream terminated", "protocol")]
    [InlineData(GrpcStatusCode.DataLoss, "", "corrupt")]
    internal void An_answer_of_etcd_has_the_reason_that_its_text_or_else_its_code_tells(GrpcStatusCode code, string message, string reason)
    {
        FailureReasons.Classify(GrpcFailure.Answered(new GrpcStatus(code, message))).Label().Should().Be(reason);
    }

    [Theory]
    [InlineData(GrpcFailureKind.Deadline, GrpcStatusCode.DeadlineExceeded, "timeout")]
    [InlineData(GrpcFailureKind.Dns, GrpcStatusCode.Unavailable, "dns")]
    [InlineData(GrpcFailureKind.Connect, GrpcStatusCode.Unavailable, "connect")]
    [InlineData(GrpcFailureKind.Tls, GrpcStatusCode.Unavailable, "tls")]
    [InlineData(GrpcFailureKind.ConnectionLost, GrpcStatusCode.Unavailable, "unavailable")]
    [InlineData(GrpcFailureKind.Reset, GrpcStatusCode.Unavailable, "unavailable")]
    [InlineData(GrpcFailureKind.Reset, GrpcStatusCode.Cancelled, "unavailable")]
    [InlineData(GrpcFailureKind.Reset, GrpcStatusCode.ResourceExhausted, "too_many_requests")]
    [InlineData(GrpcFailureKind.Reset, GrpcStatusCode.Internal, "protocol")]
    [InlineData(GrpcFailureKind.Protocol, GrpcStatusCode.Internal, "protocol")]
    [InlineData(GrpcFailureKind.Protocol, GrpcStatusCode.Unauthenticated, "protocol")]
    [InlineData(GrpcFailureKind.Protocol, GrpcStatusCode.Unavailable, "unavailable")]
    internal void Where_a_call_ended_decides_when_etcd_did_not_answer(GrpcFailureKind kind, GrpcStatusCode code, string reason)
    {
        FailureReasons.Classify(new GrpcFailure(kind, new GrpcStatus(code, "etcdserver: no leader"))).Label().Should().Be(reason);
    }

    [Fact]
    public void The_label_values_are_the_published_set()
    {
        FailureReasons.All.Select(r => r.Label()).Should().Equal(
            "timeout", "dns", "connect", "tls", "unauthenticated", "permission_denied", "no_leader", "leader_changed", "no_space", "corrupt",
            "learner", "too_many_requests", "unavailable", "cluster_mismatch", "protocol", "internal", "other");
    }
}
