using EtcdProbeExporter.Grpc;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.Tests.Fuzzing;

/// <summary>Whatever stands in a certificate, key or CA file: credentials, or a sentence that shows nothing of it.</summary>
public sealed class PemFuzzTests
{
    private static readonly string[] Pieces =
    [
        "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN EC PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----", "-----", "\n", "\r\n", "=", "==", "AAAA", "MII", "\0", "é",
    ];

    [Fact]
    public void Any_files_are_credentials_or_an_objection()
    {
        using var authority = new TestCertificates();
        var pair = authority.Sign("client");
        var (ca, certificate, key) = (File.ReadAllText(authority.CaFile), File.ReadAllText(pair.CertFile), File.ReadAllText(pair.KeyFile));
        Fuzz.Run(80_000, random =>
        {
            string Near(string good) => random.Next(3) == 0 ? good : random.Mutated(good, Pieces);
            var (credentials, objection) = TlsCredentials.Create(new TlsMaterial
            {
                Ca = random.Next(2) == 0 ? null : new PemFile("ca", Near(ca)),
                Certificate = new PemFile("cert", Near(certificate)),
                Key = new PemFile("key", Near(key)),
            });
            using (credentials)
            {
                if (credentials is null == objection is null)
                {
                    throw new InvalidOperationException("neither credentials nor an objection, or both");
                }
            }

            if (objection is not null && key.Split('\n').Any(line => line.Length > 20 && !line.StartsWith("-----", StringComparison.Ordinal) && objection.Contains(line, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException("the objection shows the key");
            }
        });
    }
}
