using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace EtcdProbeExporter.Grpc;

/// <summary>Judges a server's certificate as Go's clients do. .NET takes the common name where a subject alternative name is missing; Go does not.</summary>
internal static class ServerIdentity
{
    public const string NoAlternativeName = "the certificate has no subject alternative name; Go clients (etcdctl) refuse it as well";

    private const string SubjectAlternativeName = "2.5.29.17";

    public static bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateNameMismatch
            && certificate is X509Certificate2 { Extensions: var extensions }
            && !extensions.Any(e => e.Oid?.Value == SubjectAlternativeName))
        {
            throw new AuthenticationException(NoAlternativeName); // crypto/x509 verify.go, since Go 1.15: "relies on legacy Common Name field"
        }

        return errors == SslPolicyErrors.None;
    }
}
