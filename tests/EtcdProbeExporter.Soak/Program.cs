using System.Globalization;
using System.Runtime.InteropServices;
using EtcdProbeExporter.Soak;

if (args.Length is 0 or > 2
    || !double.TryParse(args[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes) || minutes is <= 0 or > 10_000
    || !int.TryParse(args.ElementAtOrDefault(1) ?? Random.Shared.Next().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var seed))
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
