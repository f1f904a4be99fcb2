namespace EtcdProbeExporter.Tests.Grpc.Hostile;

/// <summary>One way of being a bad peer, and the reasons that its calls may fail for.</summary>
internal sealed record HostilePeer(string Name, string[] Reasons, Action<RawConnection> Script, string Scheme = "http")
{
    public override string ToString() => Name;
}
