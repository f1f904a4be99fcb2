using System.Runtime.InteropServices;

namespace EtcdProbeExporter.Cli;

/// <summary>
/// SIGTERM and SIGINT, from the first statement of the program on: until somebody handles them they kill the process, and whoever stops a
/// service that is just starting is reported to have crashed. What remains is the start of the runtime itself, in which nothing of ours runs yet.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals()
    {
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    // A second SIGINT is from somebody who does not want to wait: it does what it does by default. A second SIGTERM is from a supervisor that
    // signals the process and its group, and means what the first one means.
    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = signal.Signal == PosixSignal.SIGTERM || !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}
