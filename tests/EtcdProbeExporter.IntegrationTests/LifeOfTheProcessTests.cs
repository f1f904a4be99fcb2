using System.Net.Sockets;
using EtcdProbeExporter.Harness;

namespace EtcdProbeExporter.IntegrationTests;

/// <summary>Started and stopped as badly as shells, containers and service managers do it: an exit code means what it always means.</summary>
[Trait("NeedsEtcd", "no")]
public sealed class LifeOfTheProcessTests
{
    [Theory]
    [InlineData("--bogus 2>&-", 2, "")]
    [InlineData("--bogus 2>/dev/full", 2, "")]
    [InlineData("--version >&-", 1, "error: standard output cannot be written")]
    [InlineData("--version <&- >&- 2>&-", 1, "")]
    [InlineData("check-config >/dev/full", 1, "error: standard output cannot be written: No space left on device")]
    [InlineData("check-config 2>&-", 0, "")]
    [InlineData("check --endpoints 127.0.0.1:1 --probe.timeout 1s >/dev/full", 1, "error: standard output cannot be written: No space left on device")]
    public async Task A_standard_stream_that_is_closed_or_full_changes_no_exit_code(string line, int code, string error)
    {
        var (exitCode, _, errors) = await ShellAsync($"{Exporter} {line}");

        exitCode.Should().Be(code, errors);
        errors.Should().StartWith(error).And.NotContain("   at ");
    }

    [Fact]
    public async Task Without_standard_error_it_serves_and_stops_and_writes_into_nobodys_socket()
    {
        var port = Ports.Next();
        await using var process = RunningProcess.Start("bash", ["-c", $"exec {Exporter} run --web.listen-address 127.0.0.1:{port} --endpoints 127.0.0.1:1 2>&-"]);
        await ListeningAsync(port);

        await process.SignalAsync("TERM");
        await process.WaitAsync(TimeSpan.FromSeconds(15));
        process.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("--help", 0)]
    [InlineData("check-config", 0)]
    [InlineData("check --endpoints 127.0.0.1:1 --probe.timeout 1s", 1)]
    [InlineData("healthcheck --web.listen-address 127.0.0.1:1", 1)]
    [InlineData("run --web.listen-address 127.0.0.1:99999", 2)]
    [InlineData("check-config --config.file relative.yml", 2)]
    public async Task A_working_directory_that_is_gone_is_no_matter(string line, int code)
    {
        var (exitCode, _, errors) = await ShellAsync($"cd \"$(mktemp -d)\" && rmdir \"$PWD\" && {Exporter} {line}");

        exitCode.Should().Be(code, errors);
        errors.Should().NotContain("   at ");
    }

    [Fact]
    public async Task It_serves_from_a_working_directory_that_is_hidden_or_gone()
    {
        var port = Ports.Next();
        await using var process = RunningProcess.Start(
            "bash", ["-c", $"cd \"$(mktemp -d)\" && rmdir \"$PWD\" && exec {Exporter} run --web.listen-address 127.0.0.1:{port} --endpoints 127.0.0.1:1"]);

        await ListeningAsync(port);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    public async Task Too_few_open_files_are_told_in_a_sentence(string verb)
    {
        var (exitCode, _, errors) = await ShellAsync($"ulimit -n 64; {Exporter} {verb}");

        (exitCode, errors.Trim()).Should().Be(
            (2, "error: the limit of open files is 64; 1 endpoint needs about 204: raise LimitNOFILE (systemd) or ulimit -n"));
    }

    [Fact]
    public async Task As_many_open_files_as_it_asks_for_are_enough()
    {
        var port = Ports.Next();
        await using var process = RunningProcess.Start(
            "bash", ["-c", $"ulimit -n 204; exec {Exporter} run --web.listen-address 127.0.0.1:{port} --endpoints 127.0.0.1:1"]);

        await ListeningAsync(port);
    }

    [Fact]
    public async Task Stopped_while_it_starts_it_ends_well()
    {
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await using var process = RunningProcess.Start("dotnet", [ExporterProcess.Binary, "run", "--web.listen-address", "127.0.0.1:0", "--endpoints", "127.0.0.1:1"]);
            await Condition.EventuallyAsync(() => Task.FromResult(HasLoaded(process.Id, "System.CommandLine.dll")), TimeSpan.FromSeconds(20), "the command line is read");

            await process.SignalAsync("TERM");

            await process.WaitAsync(TimeSpan.FromSeconds(15));
            process.ExitCode.Should().Be(0, process.Errors);
            process.Errors.Should().NotContain("   at ");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /-/hea")]
    public async Task A_client_that_stays_does_not_hold_up_the_end(string sent)
    {
        var port = Ports.Next();
        await using var process = RunningProcess.Start("dotnet", [ExporterProcess.Binary, "run", "--web.listen-address", $"127.0.0.1:{port}", "--endpoints", "127.0.0.1:1"]);
        using var client = await ListeningAsync(port);
        await client.GetStream().WriteAsync("GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        (await client.GetStream().ReadAsync(new byte[1000])).Should().BePositive();
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(sent));

        await process.SignalAsync("TERM");

        await process.WaitAsync(TimeSpan.FromSeconds(4)); // a second of ours, and a slow machine; it was more than five
        process.ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("--config.file FIFO")]
    [InlineData("--cacert FIFO --endpoints https://a:1")]
    [InlineData("--config.file /dev/tty")]
    public async Task A_pipe_in_place_of_a_file_is_refused_and_not_waited_for(string flags)
    {
        var (exitCode, _, errors) = await ShellAsync($"d=$(mktemp -d); mkfifo $d/p; {Exporter} check-config {flags.Replace("FIFO", "$d/p", StringComparison.Ordinal)}");

        exitCode.Should().Be(2);
        errors.Should().Contain("the file cannot be read: not a regular file");
    }

    private static string Exporter => $"dotnet {ExporterProcess.Binary}";

    private static async Task<(int ExitCode, string Output, string Errors)> ShellAsync(string line)
    {
        await using var process = RunningProcess.Start("bash", ["-c", line]);
        await process.WaitAsync(TimeSpan.FromSeconds(20));
        return (process.ExitCode, process.Output, process.Errors);
    }

    private static async Task<TcpClient> ListeningAsync(int port)
    {
        TcpClient? connected = null;
        await Condition.EventuallyAsync(
            async () =>
            {
                var client = new TcpClient();
                try
                {
                    await client.ConnectAsync("127.0.0.1", port);
                    connected = client;
                    return true;
                }
                catch (SocketException)
                {
                    client.Dispose();
                    return false;
                }
            },
            TimeSpan.FromSeconds(20),
            "it listens");
        return connected!;
    }

    // The first thing that the program does of its own, and long before its host is there.
    private static bool HasLoaded(int process, string library) => File.ReadAllText($"/proc/{process}/maps").Contains(library, StringComparison.Ordinal);
}
