using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdProbeExporter.Grpc;

/// <summary>
/// Reads PEM as strictly as a renewal needs it: .NET's own reader skips a block that is cut off, so that half a bundle would be taken for a
/// whole one, and an empty file for "trust nobody". Objections are sentences that name the file.
/// </summary>
internal static class PemText
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string Ed25519 = "1.3.101.112"; // RFC 8410 section 3

    /// <summary>All certificates of a file, in order; at least one.</summary>
    public static (X509Certificate2Collection? Certificates, string? Objection) Certificates(PemFile file)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(file.Text);
        }
        catch (CryptographicException e)
        {
            return (null, $"{file.Path}: a certificate in it cannot be read: {e.Message}");
        }

        var announced = Count(file.Text, Begin);
        return announced switch
        {
            0 => (null, $"{file.Path}: holds no certificate in PEM form"),
            _ when found.Count < announced => (null, $"{file.Path}: is cut off or damaged: {announced} certificates begin in it, {found.Count} can be read"),
            _ => (found, null),
        };
    }

    /// <summary>The first certificate of a file together with its private key.</summary>
    public static (X509Certificate2? Pair, string? Objection) KeyPair(PemFile certificate, PemFile key)
    {
        if (key.Text.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            // Go's tls.LoadX509KeyPair, which etcdctl uses, takes no encrypted key either.
            return (null, $"{key.Path}: the key is encrypted, and nothing here asks for its passphrase; store it decrypted (openssl pkey), readable for this program only");
        }

        try
        {
            return (X509Certificate2.CreateFromPem(certificate.Text, key.Text), null);
        }
        catch (ArgumentException)
        {
            return (null, $"{key.Path}: this key does not belong to the certificate in {certificate.Path}");
        }
        catch (CryptographicException e)
        {
            return (null, $"{key.Path}: {KeyObjection(certificate, key, e)}");
        }
    }

    private static string KeyObjection(PemFile certificate, PemFile key, CryptographicException e)
    {
        if (!key.Text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return "holds no private key in PEM form";
        }

        var (all, _) = Certificates(certificate);
        var algorithm = all is [var first, ..] ? first.PublicKey.Oid.Value : null;
        return algorithm == Ed25519
            ? "Ed25519 keys cannot be used (.NET has none); use ECDSA P-256 or RSA"
            : $"the key cannot be read, or is cut off: {e.Message}";
    }

    private static int Count(string text, string part)
    {
        var count = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            count++;
        }

        return count;
    }
}
