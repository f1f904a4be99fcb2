using System.Globalization;
using System.Runtime.InteropServices;
using EtcdProbeExporter.Soak;

var seed = Random.Shared.Next();
if (args.Length is 0 or > 2
    || !int.TryParse(args[0], CultureInfo.InvariantCulture, out var minutes) || minutes is <= 0 or > 10_000
    || (args.Length == 2 && !int.TryParse(args[1], CultureInfo.InvariantCulture, out seed)))
{
    await Console.Error.WriteLineAsync("usage: soak MINUTES [SEED]");
    return 2;
}

// An interrupted run repairs what it broke and judges what it saw.
using var interrupted = new CancellationTokenSource();
using var terminal = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var service = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
return await SoakRun.RunAsync(TimeSpan.FromMinutes(minutes), seed, interrupted.Token) ? 0 : 1;

void End(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
