using EtcdProbeExporter.Campaign.Clusters;
using EtcdProbeExporter.Campaign.Truth;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>Certificates and passwords that change, and logins that are demanded where none was.</summary>
internal static class CredentialFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("certificate rotated", 2, CertificateAsync) { Securities = [Security.Tls], Momentary = true },
        new("password rotated", 3, PasswordAsync) { Securities = [Security.Auth], Momentary = true },
        new("auth switched on", 2, EnableAsync) { Securities = [Security.Plain], Alone = true, DemandsLogin = true },
    ];

    // A member that is restarted afterwards makes sure that the new pair is used.
    private static async Task<Repair> CertificateAsync(Scene scene)
    {
        scene.Cluster.Identity.RotateCertificate();
        var member = scene.Take();
        var repair = await scene.HoldAsync(
            member,
            scene.On(member, [.. States.Dead, .. States.NoLeader]) with { Demanded = false, Part = Part.Either },
            member.KillAsync,
            () => ProcessFaults.StartAsync(member));
        await repair();
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> PasswordAsync(Scene scene)
    {
        var write = new Action(() => { });
        var finish = await scene.Ledger.HoldAsync(
            [.. scene.Cluster.Members.Select(m => scene.On(m, [.. States.Healthy, .. States.Refused]) with { Demanded = false })],
            async () => write = await scene.Cluster.Identity.RotatePasswordAsync(scene.Cluster),
            async () =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3 * scene.Random.NextDouble()));
                write();
            });
        await finish();
        return () => Task.CompletedTask;
    }

    private static async Task<Repair> EnableAsync(Scene scene)
    {
        var finish = await scene.Ledger.HoldAsync(
            [.. scene.Cluster.Members.Select(m => scene.On(m, States.Refused))],
            scene.Cluster.EnableAuthAsync,
            async () =>
            {
                await scene.Cluster.EtcdctlAsync(["auth", "disable"]);
                scene.Cluster.Identity.AuthIsOn = false;
            });
        return () => finish();
    }
}
