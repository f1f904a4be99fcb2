using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.Campaign.Clusters;

/// <summary>Certificates and passwords of one cluster: for its members, for the exporter, and for the campaign's own client.</summary>
internal sealed class Identity : IDisposable
{
    public const string RootPassword = "root";

    private const string User = "prober";

    private readonly TestCertificates? _authority;
    private readonly X509Certificate2? _own;
    private readonly X509Certificate2? _trusted;
    private readonly string[] _ownFiles = [];
    private readonly string _certFile = "";
    private readonly string _keyFile = "";
    private readonly string _passwordFile;
    private int _signed;

    public Identity(Security security)
    {
        Security = security;
        _passwordFile = Path.GetTempFileName();
        File.WriteAllText(_passwordFile, Password + "\n");
        if (security == Security.Tls)
        {
            _authority = new TestCertificates();
            _trusted = X509CertificateLoader.LoadCertificateFromFile(_authority.CaFile);
            var own = _authority.Sign("operator");
            (_own, _ownFiles) = (own.Certificate, ["--cacert", _authority.CaFile, "--cert", own.CertFile, "--key", own.KeyFile]);
            (_certFile, _keyFile) = (Path.Combine(_authority.Folder, "exporter.crt"), Path.Combine(_authority.Folder, "exporter.key"));
            RotateCertificate();
        }
    }

    public Security Security { get; }

    public string Scheme => Security == Security.Tls ? "https" : "http";

    /// <summary>Of the exporter's user.</summary>
    public string Password { get; private set; } = "first";

    /// <summary>Whether the cluster demands a login now.</summary>
    public bool AuthIsOn { get; set; }

    /// <summary>What lets etcdctl in.</summary>
    public IReadOnlyList<string> Etcdctl => AuthIsOn ? ["--user", "root:" + RootPassword] : _ownFiles;

    /// <summary>What the exporter's configuration says of it.</summary>
    public string Yaml => Security switch
    {
        Security.Tls => $"tls: {{ ca_file: {_authority!.CaFile}, cert_file: {_certFile}, key_file: {_keyFile} }}",
        Security.Auth => $"auth: {{ username: {User}, password_file: {_passwordFile} }}",
        _ => "",
    };

    public IReadOnlyList<string> ServerArguments(Site site)
    {
        if (_authority is null)
        {
            return [];
        }

        var server = _authority.Sign($"server{++_signed}", site.Host);
        return ["--cert-file", server.CertFile, "--key-file", server.KeyFile, "--trusted-ca-file", _authority.CaFile, "--client-cert-auth"];
    }

    public SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (_own is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_trusted!);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificates = [_own] };
        }

        return handler;
    }

    /// <summary>A new pair for the exporter, under the same names: the certificate first, as tools do that write one file after the other.</summary>
    public void RotateCertificate()
    {
        var next = _authority!.Sign($"exporter{++_signed}");
        File.Copy(next.CertFile, _certFile, overwrite: true);
        File.Copy(next.KeyFile, _keyFile, overwrite: true);
    }

    public IReadOnlyList<string[]> AuthCommands =>
    [
        ["user", "add", "root:" + RootPassword], ["role", "add", "root"], ["user", "grant-role", "root", "root"],
        ["role", "add", "probe"], ["role", "grant-permission", "probe", "--prefix=true", "readwrite", "/etcd-probe/"],
        ["user", "add", $"{User}:{Password}"], ["user", "grant-role", User, "probe"], ["auth", "enable"],
    ];

    /// <summary>Gives the exporter's user a new password, in etcd; what is returned writes it to the exporter's file.</summary>
    public async Task<Action> RotatePasswordAsync(Cluster cluster)
    {
        Password = $"password{++_signed}";
        await cluster.EtcdctlAsync(["user", "passwd", User, "--interactive=false"], cluster.Members[0], Password);
        return () => File.WriteAllText(_passwordFile, Password + "\n");
    }

    public void Dispose()
    {
        _own?.Dispose();
        _trusted?.Dispose();
        _authority?.Dispose();
        File.Delete(_passwordFile);
    }
}
