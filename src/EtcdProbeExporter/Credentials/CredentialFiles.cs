using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Files;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Credentials;

/// <summary>Reads the files that a cluster's TLS identity and password come from. Nothing here throws: why a file is no good is a sentence.</summary>
internal static class CredentialFiles
{
    /// <summary>Credentials are null where the files cannot be used (then with an objection), or say what <paramref name="known"/> says.</summary>
    public static (TlsMaterial? Material, TlsCredentials? Credentials, string? Objection) Tls(TlsConfiguration tls, TlsMaterial? known)
    {
        var (ca, caObjection) = Pem("ca_file", tls.CaFile);
        var (certificate, certificateObjection) = Pem("cert_file", tls.CertFile);
        var (key, keyObjection) = Pem("key_file", tls.KeyFile);
        if ((caObjection ?? certificateObjection ?? keyObjection) is { } unreadable)
        {
            return (null, null, unreadable);
        }

        var material = new TlsMaterial
        {
            Ca = ca,
            Certificate = certificate,
            Key = key,
            ServerName = tls.ServerName,
            InsecureSkipVerify = tls.InsecureSkipVerify,
        };
        if (material == known)
        {
            return (material, null, null);
        }

        var (credentials, objection) = TlsCredentials.Create(material);
        return (material, credentials, objection);
    }

    private static (PemFile? File, string? Objection) Pem(string setting, string? path)
    {
        if (path is null)
        {
            return (null, null);
        }

        var (text, objection) = Read(setting, path);
        return (text is null ? null : new PemFile(path, text), objection);
    }

    /// <summary>The password (empty where none is used), or why there is none. A trailing line break is not part of it.</summary>
    public static (string? Password, string? Objection) Password(AuthConfiguration? auth)
    {
        if (auth?.PasswordFile is not { } path)
        {
            return (auth?.Password ?? "", null);
        }

        var (text, objection) = Read("password_file", path);
        var password = text?.TrimEnd('\r', '\n');
        return password is "" ? (null, $"password_file {path}: the file is empty") : (password, objection);
    }

    private static (string? Text, string? Objection) Read(string setting, string path)
    {
        try
        {
            return (RegularFile.ReadAllText(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{setting} {path}: {RegularFile.Objection(e)}");
        }
    }
}
