namespace EtcdProbeExporter.Grpc;

/// <summary>
/// What the first bytes of a peer are. They decide what it is, whatever breaks later: the order in which a socket, TLS and the HTTP handler
/// notice the end of a connection is a race. Pure.
/// </summary>
internal static class PeerOpening
{
    /// <summary>As many first bytes as are worth keeping: a banner's first line.</summary>
    public const int Length = 64;

    /// <summary>With fewer bytes than this nothing is named yet, unless no more are coming.</summary>
    private const int Nameable = 4;

    /// <summary>
    /// Why <paramref name="first"/> cannot open HTTP/2, or null while it can. A server's first frame is SETTINGS on stream 0
    /// (RFC 9113 section 3.4), at most 2^14 bytes long (section 4.2): 00 xx xx 04 ff 00 00 00 00.
    /// </summary>
    public static GrpcFailure? NotHttp2(ReadOnlySpan<byte> first, bool ended)
    {
        if (CouldBeSettings(first) || (first.Length < Nameable && !ended))
        {
            return null;
        }

        if (IsTls(first))
        {
            return GrpcFailure.Unreachable(GrpcFailureKind.Tls, "Tls: this is a TLS port, asked in plain text: use https");
        }

        return GrpcFailure.Protocol(GrpcStatusCode.Internal, $"the peer does not speak HTTP/2 on this port: {Describe(first)}");
    }

    /// <summary>Why <paramref name="first"/> cannot answer a TLS handshake, or null when it can.</summary>
    public static string? NotTls(ReadOnlySpan<byte> first)
    {
        if (first.IsEmpty || IsTls(first))
        {
            return null;
        }

        return first.Length >= 9 && CouldBeSettings(first)
            ? "this port speaks HTTP/2 in plain text: use http"
            : $"the peer does not speak TLS on this port: {Describe(first)}";
    }

    private static bool CouldBeSettings(ReadOnlySpan<byte> first)
    {
        ReadOnlySpan<byte> stream0 = [0, 0, 0, 0];
        return (first.Length < 1 || first[0] == 0)
            && (first.Length < 2 || first[1] <= 0x40)
            && (first.Length < 4 || first[3] == 4)
            && (first.Length < 6 || first[5..].StartsWith(stream0[..Math.Min(4, first.Length - 5)]));
    }

    // A record's content type (alert, handshake) and the major version 3 (RFC 8446 section 5.1).
    private static bool IsTls(ReadOnlySpan<byte> first) => first.Length >= 2 && first[0] is 0x15 or 0x16 && first[1] == 3;

    private static string Describe(ReadOnlySpan<byte> first)
    {
        var quoted = PeerText.Quote(first);
        return first switch
        {
            _ when first.StartsWith("SSH-"u8) => $"it is an SSH server (\"{quoted}\")",
            _ when first.StartsWith("HTTP"u8) => $"it answers in HTTP/1 (\"{quoted}\")",
            _ when first.StartsWith("220"u8) => $"it greets like a mail or file server (\"{quoted}\")",
            _ => $"it begins with \"{quoted}\"",
        };
    }
}
