using System.Reflection;
using EtcdProbeExporter.Etcd;

namespace EtcdProbeExporter.Tests.Etcd;

public sealed class EtcdMethodsTests
{
    [Fact]
    public void Nothing_that_could_change_a_cluster_can_be_called()
    {
        var paths = typeof(EtcdMethods).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(f => (string)f.FieldType.GetProperty("Path")!.GetValue(f.GetValue(null))!);

        paths.Should().BeEquivalentTo(
            "/etcdserverpb.KV/Put",
            "/etcdserverpb.KV/Range",
            "/etcdserverpb.KV/Txn",
            "/etcdserverpb.Maintenance/Status",
            "/etcdserverpb.Maintenance/HashKV",
            "/etcdserverpb.Cluster/MemberList",
            "/etcdserverpb.Watch/Watch",
            "/etcdserverpb.Auth/Authenticate");
    }
}
