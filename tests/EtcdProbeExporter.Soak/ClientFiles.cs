using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.Soak;

/// <summary>The certificate files that the exporter reads, and the authority that can sign others.</summary>
internal sealed class ClientFiles : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly string _authorityText;

    public ClientFiles()
    {
        _authorityText = File.ReadAllText(_authority.CaFile);
        CaFile = Path.Combine(_authority.Folder, "exporter-ca.pem"); // the members read the authority's own
        RestoreCa();
        (_, CertFile, KeyFile) = _authority.Sign("client");
        var server = _authority.Sign("server");
        ServerArguments =
            ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", _authority.CaFile, "--client-cert-auth"];
        var operatorPair = _authority.Sign("operator");
        EtcdctlArguments = ["--cacert", _authority.CaFile, "--cert", operatorPair.CertFile, "--key", operatorPair.KeyFile];
    }

    public string CaFile { get; }

    public string CertFile { get; }

    public string KeyFile { get; }

    public IReadOnlyList<string> ServerArguments { get; }

    public IReadOnlyList<string> EtcdctlArguments { get; }

    public void EmptyCa() => File.WriteAllText(CaFile, "");

    public void RestoreCa() => File.WriteAllText(CaFile, _authorityText);

    /// <summary>Puts the certificate of a new pair in place; what it returns puts its key there.</summary>
    public Action BeginSwap()
    {
        var next = _authority.Sign("next");
        File.Copy(next.CertFile, CertFile, overwrite: true);
        return () => File.Copy(next.KeyFile, KeyFile, overwrite: true);
    }

    public void Dispose() => _authority.Dispose();
}
