using System.Net;
using System.Net.Sockets;

namespace EtcdProbeExporter.Harness;

/// <summary>How a gate treats connections.</summary>
internal enum GateMode
{
    Forward,

    /// <summary>Nobody listens.</summary>
    Refuse,

    /// <summary>Accepted, and closed at once.</summary>
    Close,

    /// <summary>Accepted, and never answered; what was open says nothing more.</summary>
    Silent,
}

/// <summary>A listener in this process, in front of a member or of nothing.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly IPEndPoint _address;
    private readonly int? _target;
    private CancellationTokenSource _era = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _silent;

    /// <param name="mode">The first mode.</param>
    /// <param name="target">Port on 127.0.0.1 that it forwards to.</param>
    /// <param name="address">Where it listens; null: at a free port of 127.0.0.1.</param>
    public Gate(GateMode mode, int? target = null, IPEndPoint? address = null)
    {
        _address = address ?? new IPEndPoint(IPAddress.Loopback, Ports.Next());
        _target = target;
        Begin(mode);
    }

    /// <summary>host:port, the label of the endpoint.</summary>
    public string Endpoint => _address.ToString();

    /// <summary>Ends all connections, except when it falls silent: then those that are open stay so.</summary>
    public async Task SwitchAsync(GateMode mode)
    {
        if (mode == GateMode.Silent)
        {
            _silent = true;
            return;
        }

        await EndAsync();
        _era = new CancellationTokenSource();
        Begin(mode);
    }

    public ValueTask DisposeAsync() => new(EndAsync());

    private async Task EndAsync()
    {
        await _era.CancelAsync();
        await _running;
        _era.Dispose();
    }

    private void Begin(GateMode mode)
    {
        _silent = mode == GateMode.Silent;
        _running = mode == GateMode.Refuse ? Task.CompletedTask : AcceptAsync(mode, _era.Token);
    }

    private async Task AcceptAsync(GateMode mode, CancellationToken ended)
    {
        using var listener = new TcpListener(_address);
        listener.Start();
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(ended);
                connections.RemoveAll(c => c.IsCompleted);
                connections.Add(ServeAsync(client, mode, ended));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client, GateMode mode, CancellationToken ended)
    {
        using var accepted = client;
        if (mode == GateMode.Close)
        {
            return;
        }

        using var member = new TcpClient();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended);
        try
        {
            if (_silent || _target is not { } target)
            {
                await ReadOnlyAsync(accepted.GetStream(), ended);
                return;
            }

            await member.ConnectAsync(IPAddress.Loopback, target, ended);
            var (near, far) = (accepted.GetStream(), member.GetStream());
            await Task.WhenAny(PumpAsync(near, far, either.Token), PumpAsync(far, near, either.Token));
            await either.CancelAsync(); // one side has closed
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // the member is down, or the era is over
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken ended)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReadAsync(buffer, ended) is var read and > 0 && !_silent)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), ended);
            }

            if (_silent)
            {
                await ReadOnlyAsync(from, ended);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // one side has broken the connection, or the era is over
        }
    }

    // Until the other side gives up: a connection that it has closed must not be held, or descriptors would pile up here.
    private static async Task ReadOnlyAsync(NetworkStream stream, CancellationToken ended)
    {
        var buffer = new byte[4_096];
        while (await stream.ReadAsync(buffer, ended) > 0)
        {
        }
    }
}
