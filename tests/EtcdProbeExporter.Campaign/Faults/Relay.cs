using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EtcdProbeExporter.Campaign.Faults;

/// <summary>How a relay treats connections.</summary>
internal enum RelayMode
{
    Forward,

    /// <summary>Nobody listens.</summary>
    Refuse,

    /// <summary>Accepted, and closed at once.</summary>
    Close,

    /// <summary>Accepted, and never answered; what was open says nothing more.</summary>
    Silent,
}

/// <summary>A way to a member that can be long, broken, silent, or lead elsewhere. In this process, on loopback.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly IPEndPoint _address;
    private CancellationTokenSource _era = new();
    private Task _running;
    private volatile bool _silent;

    /// <param name="target">Port on 127.0.0.1.</param>
    /// <param name="address">Where it listens.</param>
    public Relay(int target, IPEndPoint address)
    {
        (_address, Target) = (address, target);
        _running = AcceptAsync(RelayMode.Forward, _era.Token);
    }

    /// <summary>host:port.</summary>
    public string Endpoint => _address.ToString();

    /// <summary>Where connections that are accepted from now on lead.</summary>
    public int Target { get; set; }

    /// <summary>How long each chunk is held back, each way, on connections open and new.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Ends all connections, except when it falls silent: then those that are open stay so.</summary>
    public async Task SwitchAsync(RelayMode mode)
    {
        if (mode == RelayMode.Silent)
        {
            _silent = true;
            return;
        }

        await EndAsync();
        _silent = false;
        _era = new CancellationTokenSource();
        _running = mode == RelayMode.Refuse ? Task.CompletedTask : AcceptAsync(mode, _era.Token);
    }

    public ValueTask DisposeAsync() => new(EndAsync());

    private async Task EndAsync()
    {
        await _era.CancelAsync();
        await _running;
        _era.Dispose();
    }

    private async Task AcceptAsync(RelayMode mode, CancellationToken ended)
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

    private async Task ServeAsync(TcpClient client, RelayMode mode, CancellationToken ended)
    {
        using var accepted = client;
        if (mode == RelayMode.Close)
        {
            return;
        }

        using var member = new TcpClient();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended);
        try
        {
            await member.ConnectAsync(IPAddress.Loopback, Target, ended);
            var (near, far) = (accepted.GetStream(), member.GetStream());
            await Task.WhenAny(PumpAsync(near, far, either.Token), PumpAsync(far, near, either.Token));
            await either.CancelAsync(); // one side has closed
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // the member is down, or the era is over
        }
    }

    // Chunks wait in a queue, each for its own time: a delay takes nothing from the bandwidth.
    private async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken ended)
    {
        var queue = Channel.CreateUnbounded<(byte[] Chunk, long Due)>();
        var writing = WriteAsync(queue.Reader, to, ended);
        var buffer = new byte[16_384];
        try
        {
            while (await from.ReadAsync(buffer, ended) is var read and > 0)
            {
                if (!_silent)
                {
                    queue.Writer.TryWrite((buffer[..read], Environment.TickCount64 + (long)Delay.TotalMilliseconds));
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // one side has broken the connection, or the era is over
        }

        queue.Writer.Complete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(byte[] Chunk, long Due)> queue, NetworkStream to, CancellationToken ended)
    {
        try
        {
            await foreach (var (chunk, due) in queue.ReadAllAsync(ended))
            {
                if (due - Environment.TickCount64 is var wait and > 0)
                {
                    await Task.Delay((int)wait, ended);
                }

                if (!_silent)
                {
                    await to.WriteAsync(chunk, ended);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // as above
        }
    }
}
