using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Etcd.Protos;

namespace EtcdProbeExporter.Tests.Etcd;

/// <summary>What etcd 3.4 and 3.5 wrote into the last message of a watch, as seen on real ones.</summary>
public sealed class WatchEndTests
{
    [Theory]
    [InlineData("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token", 0, "unauthenticated", "etcdserver: invalid auth token")]
    [InlineData("etcdserver: permission denied", 0, "permission_denied", "etcdserver: permission denied")]
    [InlineData("rpc error: code = Unknown", 0, "other", "rpc error: code = Unknown")]
    [InlineData("", 42, "other", "etcdserver: mvcc: required revision has been compacted; the history begins at 42")]
    [InlineData("", 0, "other", "the server ended the watch and did not say why")]
    public void It_has_the_reason_that_its_text_tells_and_never_no_text(string said, long compacted, string reason, string detail)
    {
        var failure = WatchEnd.Why(new WatchResponse { Canceled = true, CancelReason = said, CompactRevision = compacted });

        FailureReasons.Classify(failure).Label().Should().Be(reason);
        failure.Detail.Should().Be(detail);
    }
}
