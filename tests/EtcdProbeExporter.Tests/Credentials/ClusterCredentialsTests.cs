using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Credentials;
using EtcdProbeExporter.Logging;
using EtcdProbeExporter.Tests.Grpc;

namespace EtcdProbeExporter.Tests.Credentials;

/// <summary>Files that are rotated while we run: what cannot be used never replaces what can.</summary>
public sealed class ClusterCredentialsTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly StringWriter _log = new();
    private readonly LineLoggerProvider _provider;
    private readonly string _cert;
    private readonly string _key;
    private readonly string _ca;
    private readonly string _password;

    public ClusterCredentialsTests()
    {
        _provider = new LineLoggerProvider(_log, new LogConfiguration(), TimeProvider.System);
        var pair = _authority.Sign("client");
        (_cert, _key, _ca) = (pair.CertFile, pair.KeyFile, _authority.CaFile);
        _password = Path.Combine(_authority.Folder, "password");
        File.WriteAllText(_password, "secret\n");
    }

    private string[] Lines => _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void What_the_files_say_is_in_force()
    {
        var credentials = Open();

        credentials.Password().Should().Be("secret");
        credentials.Tls.ClientCertificateNotAfter.Should().NotBeNull();
        credentials.Objections.Should().BeEmpty();
        credentials.Refresh();
        credentials.Version.Should().Be(0, "nothing has changed");
        Lines.Should().BeEmpty();
    }

    [Fact]
    public void Renewed_files_come_into_force()
    {
        var credentials = Open();
        var renewed = _authority.Sign("renewed", notAfter: DateTimeOffset.UtcNow.AddDays(20));
        File.Copy(renewed.CertFile, _cert, overwrite: true);
        File.Copy(renewed.KeyFile, _key, overwrite: true);
        File.WriteAllText(_password, "next");
        credentials.Refresh();

        credentials.Tls.ClientCertificateNotAfter.Should().BeAfter(DateTimeOffset.UtcNow.AddDays(15));
        credentials.Password().Should().Be("next");
        credentials.Version.Should().Be(2);
        credentials.Objections.Should().BeEmpty();
        _log.ToString().Should().NotContain("secret").And.NotContain("next\"").And.NotContain("PRIVATE KEY");
    }

    [Theory]
    [InlineData("password", "gone", "no such file")]
    [InlineData("password", "empty", "the file is empty")]
    [InlineData("password", "line break", "the file is empty")]
    [InlineData("password", "folder", "a directory, not a regular file")]
    [InlineData("ca", "gone", "no such file")]
    [InlineData("ca", "empty", "holds no certificate")]
    [InlineData("ca", "half", "is cut off or damaged")]
    [InlineData("ca", "bundle and a half", "is cut off or damaged: 2 certificates begin in it, 1 can be read")]
    [InlineData("ca", "junk", "cannot be read")]
    [InlineData("cert", "gone", "no such file")]
    [InlineData("cert", "empty", "holds no certificate")]
    [InlineData("cert", "half", "is cut off or damaged")]
    [InlineData("cert", "other", "this key does not belong to the certificate")]
    [InlineData("key", "gone", "no such file")]
    [InlineData("key", "empty", "holds no private key")]
    [InlineData("key", "half", "is cut off")]
    [InlineData("key", "other", "this key does not belong to the certificate")]
    [InlineData("key", "encrypted", "the key is encrypted")]
    public void What_cannot_be_used_changes_nothing_and_is_said_once_until_it_is_mended(string file, string fault, string objection)
    {
        var credentials = Open();
        var (tls, path) = (credentials.Tls, PathOf(file));
        var whole = File.ReadAllText(path);
        Spoil(file, fault);

        for (var i = 0; i < 3; i++)
        {
            credentials.Refresh();
            credentials.Password().Should().Be("secret");
        }

        credentials.Tls.Should().BeSameAs(tls);
        credentials.Version.Should().Be(0);
        credentials.Objections.Should().ContainSingle().Which.Should().Contain(objection).And.Contain(path).And.NotContain("secret");
        Lines.Should().ContainSingle().Which.Should().Contain("level=warn").And.Contain("the old ones stay in force");

        if (Directory.Exists(path))
        {
            Directory.Delete(path);
        }

        File.WriteAllText(path, whole);
        credentials.Refresh();
        credentials.Objections.Should().BeEmpty();
        credentials.Tls.Should().BeSameAs(tls);
        Lines.Should().HaveCount(2).And.Subject.Last().Should().Contain("can be used again");
    }

    [Theory]
    [InlineData("password", "empty", "the file is empty")]
    [InlineData("ca", "empty", "holds no certificate")]
    [InlineData("key", "other", "this key does not belong to the certificate")]
    [InlineData("cert", "gone", "no such file")]
    public void At_the_start_they_must_be_usable(string file, string fault, string objection)
    {
        Spoil(file, fault);

        var (credentials, said) = ClusterCredentials.Open(Cluster(), _provider.CreateLogger("x"));

        credentials.Should().BeNull();
        said.Should().Contain(objection).And.Contain(PathOf(file));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _log.Dispose();
        _authority.Dispose();
    }

    private void Spoil(string file, string fault)
    {
        var path = PathOf(file);
        var text = File.ReadAllText(path);
        File.Delete(path);
        switch (fault)
        {
            case "gone":
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            default:
                File.WriteAllText(path, fault switch
                {
                    "empty" => "",
                    "line break" => "\n",
                    "half" => text[..(text.Length / 2)],
                    "bundle and a half" => text + "\n" + text[..(text.Length / 2)],
                    "junk" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                    "encrypted" => "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                    "other" => File.ReadAllText(file == "key" ? _authority.Sign("other").KeyFile : _authority.Sign("other").CertFile),
                    _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "not a fault"),
                });
                break;
        }
    }

    private string PathOf(string file) => file switch { "ca" => _ca, "cert" => _cert, "key" => _key, _ => _password };

    private ClusterCredentials Open() => ClusterCredentials.Open(Cluster(), _provider.CreateLogger("x")).Credentials!;

    private ClusterConfiguration Cluster() => new()
    {
        Name = "c",
        Endpoints = [new EndpointAddress("https", "127.0.0.1", 2379)],
        Tls = new TlsConfiguration { CaFile = _ca, CertFile = _cert, KeyFile = _key },
        Auth = new AuthConfiguration { Username = "u", PasswordFile = _password },
    };
}
