using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EtcdProbeExporter.Tests.Grpc;

/// <summary>A certificate authority made for one test, and what it signed, as PEM files in a folder that is removed at the end.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _ca;
    private int _serial;

    public TestCertificates()
    {
        Folder = Directory.CreateTempSubdirectory("etcd-probe-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _ca = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-100), DateTimeOffset.UtcNow.AddDays(30));
        CaFile = Path.Combine(Folder, "ca.pem");
        File.WriteAllText(CaFile, _ca.ExportCertificatePem());
    }

    public string Folder { get; }

    public string CaFile { get; }

    /// <summary>A certificate for 127.0.0.1 (or another address, or none), good for both sides of a connection.</summary>
    public (X509Certificate2 Certificate, string CertFile, string KeyFile) Sign(
        string name, string? address = "127.0.0.1", DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Parse(address));
            request.CertificateExtensions.Add(names.Build());
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        var end = notAfter ?? DateTimeOffset.UtcNow.AddDays(10);
        using var bare = request.Create(_ca, end.AddDays(-11), end, [1, (byte)++_serial]);
        using var signed = bare.CopyWithPrivateKey(key);
        var certFile = Path.Combine(Folder, name + ".pem");
        var keyFile = Path.Combine(Folder, name + "-key.pem");
        File.WriteAllText(certFile, signed.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pkcs12), null), certFile, keyFile);
    }

    public void Dispose()
    {
        _ca.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
