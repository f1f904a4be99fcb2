namespace EtcdProbeExporter.Grpc;

/// <summary>Headers that go with a call. Names are lower case <c>[0-9a-z_.-]</c>, values printable ASCII. Values may be secrets: never log them.</summary>
internal readonly record struct GrpcMetadata(IReadOnlyList<KeyValuePair<string, string>>? Values)
{
    public static readonly GrpcMetadata None;

    public IReadOnlyList<KeyValuePair<string, string>> Entries => Values ?? [];

    public override string ToString() => $"{Entries.Count} entries";
}
