using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Credentials;

/// <summary>
/// The TLS identity and the password of one cluster as the files say it now. Files that are missing, empty, half-written or do not belong
/// together for a moment (a secret that is being rotated) change nothing: what was in force stays in force, with one log line and
/// <see cref="Objections"/> until they are mended. Safe for use by many threads; nothing here throws.
/// </summary>
internal sealed partial class ClusterCredentials
{
    private readonly TlsConfiguration _tls;
    private readonly AuthConfiguration? _auth;
    private readonly string _cluster;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private TlsMaterial _material;
    private TlsCredentials _current;
    private string _password;
    private string? _tlsObjection;
    private string? _passwordObjection;
    private int _version;

    private ClusterCredentials(ClusterConfiguration cluster, ILogger logger, TlsMaterial material, TlsCredentials current, string password)
    {
        (_tls, _auth, _cluster, _logger) = (cluster.Tls, cluster.Auth, cluster.Name, logger);
        (_material, _current, _password) = (material, current, password);
    }

    /// <summary>Counts the changes of what is in force: a connection that was opened with an older version is worth replacing.</summary>
    public int Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>What new connections use. Replaced ones are left to the garbage collector: connections may go on using them.</summary>
    public TlsCredentials Tls
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Why files cannot be used at present; empty: what is in force is what the files say. Sentences for people, without secrets.</summary>
    public IReadOnlyList<string> Objections
    {
        get
        {
            lock (_lock)
            {
                return [.. new[] { _tlsObjection, _passwordObjection }.OfType<string>()];
            }
        }
    }

    /// <summary>Reads the files for the first time. They must all be usable then: there is nothing older to go on with.</summary>
    public static (ClusterCredentials? Credentials, string? Objection) Open(ClusterConfiguration cluster, ILogger logger)
    {
        var (material, tls, objection) = CredentialFiles.Tls(cluster.Tls, null);
        if (tls is null)
        {
            return (null, objection);
        }

        var (password, passwordObjection) = CredentialFiles.Password(cluster.Auth);
        return password is null ? (null, passwordObjection) : (new ClusterCredentials(cluster, logger, material!, tls, password), null);
    }

    /// <summary>Reads the files again, and takes over what can be used.</summary>
    public void Refresh()
    {
        lock (_lock)
        {
            var (material, tls, objection) = CredentialFiles.Tls(_tls, _material);
            if (tls is not null)
            {
                (_material, _current) = (material!, tls);
                _version++;
                Log.Renewed(_logger, _cluster);
            }

            Note(ref _tlsObjection, objection);
            RefreshPassword();
        }
    }

    /// <summary>The password as its file says it now, or said it last. For the moment of a login: it is read again each time.</summary>
    public string Password()
    {
        lock (_lock)
        {
            RefreshPassword();
            return _password;
        }
    }

    private void RefreshPassword()
    {
        var (password, objection) = CredentialFiles.Password(_auth);
        if (password is not null && password != _password)
        {
            _password = password;
            _version++;
            Log.PasswordRenewed(_logger, _cluster);
        }

        Note(ref _passwordObjection, objection);
    }

    private void Note(ref string? known, string? objection)
    {
        if (known == objection)
        {
            return;
        }

        known = objection;
        if (objection is null)
        {
            Log.Mended(_logger, _cluster);
        }
        else
        {
            Log.Unusable(_logger, _cluster, objection);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(130, LogLevel.Warning, "credentials of {Cluster} cannot be used, the old ones stay in force: {Objection}")]
        public static partial void Unusable(ILogger logger, string cluster, string objection);

        [LoggerMessage(131, LogLevel.Information, "the credential files of {Cluster} can be used again")]
        public static partial void Mended(ILogger logger, string cluster);

        [LoggerMessage(132, LogLevel.Information, "certificate files of {Cluster} have changed, connections are replaced by fresh ones")]
        public static partial void Renewed(ILogger logger, string cluster);

        [LoggerMessage(133, LogLevel.Information, "the password file of {Cluster} has changed, the next login uses it")]
        public static partial void PasswordRenewed(ILogger logger, string cluster);
    }
}
