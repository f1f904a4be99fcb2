using EtcdProbeExporter.Configuration;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Status;

namespace EtcdProbeExporter.Tests.Status;

public sealed class StatusTextTests
{
    [Fact]
    public void A_hung_leader_reads_like_this()
    {
        StatusText.Of(ClusterStatus.Of(Reported.HungLeader()), colour: false).Should().Be(
            """
            prod: writable, leader m2 (m2:2379) at term 12083, tolerates 0 failures, split brain stale_leader
              through any endpoint: put 3.0 ms, get 3.0 ms

            ENDPOINT  NAME  STATE          PUT      GET      LOCAL READ  STATUS
            m1:2379   m1    write_stalled  timeout  timeout  4.0 ms      5.0 ms
            m2:2379   m2    healthy        2.0 ms   3.0 ms   4.0 ms      5.0 ms
            m3:2379   m3    healthy        2.0 ms   3.0 ms   4.0 ms      5.0 ms

            ENDPOINT  ID  VERSION  DB SIZE  LEADER  LEARNER  TERM   INDEX  APPLIED
            m1:2379   1   3.5.16   1 B      true    false    12082  10     10
            m2:2379   2   3.5.16   1 B      true    false    12083  10     10
            m3:2379   3   3.5.16   1 B      false   false    12083  10     10

            CRITICAL  m1:2379 (m1) claims leadership at term 12082; the cluster follows m2:2379 (m2) at term
                      12083: stale leader, most likely a stalled disk [EtcdStaleLeader]
            CRITICAL  m1:2379 (m1) is write_stalled: put, get: timeout after 5.00 s; local read and status still
                      answer; its raft index stands still behind the others': a write to its log does not
                      return. Clients wired to it lose their writes, while writes through other endpoints
                      succeed [EtcdEndpointWriteStalled]
            WARNING   one more failure stops all writes: 2 of 3 voting members take part, 2 are needed; missing:
                      m1 (its log hangs) [EtcdFaultToleranceExhausted]

            """);
    }

    [Fact]
    public void Colour_adds_nothing_but_escape_sequences()
    {
        var status = ClusterStatus.Of(Reported.HungLeader());
        var plain = StatusText.Of(status, colour: false);
        var painted = StatusText.Of(status, colour: true);

        painted.Should().Contain("\e[31mwrite_stalled\e[0m");
        System.Text.RegularExpressions.Regex.Replace(painted, "\e\\[[0-9]+m", "").Should().Be(plain);
        plain.Should().NotContain("\e");
    }

    [Fact]
    public void It_fits_a_hundred_columns_with_real_addresses_and_indexes()
    {
        var report = Reported.HungLeader();
        report = report with { Endpoints = [.. report.Endpoints.Select((e, i) => e with { Probes = Real(e.Probes, $"10.90.4.{97 + i}:2379") })] };
        var text = StatusText.Of(ClusterStatus.Of(report), colour: false);

        text.Split('\n').Should().OnlyContain(line => line.Length <= 100).And.Contain(line => line.Length > 90);
        text.Should().Contain("2.1 GB").And.Contain("ffffffffffffffff");
    }

    private static EndpointSnapshot Real(EndpointSnapshot endpoint, string address)
    {
        EndpointAddress.TryParse(address, false, out var real, out _);
        var status = endpoint.Status! with
        {
            MemberId = ulong.MaxValue,
            RaftIndex = 123_456_789,
            RaftAppliedIndex = 123_456_789,
            DbSize = 2_100_000_000,
            Term = 12083,
        };
        return endpoint with { Address = real!, Sample = endpoint.Sample! with { Status = status } };
    }

    [Theory]
    [InlineData(0.0004, "0.40 ms")]
    [InlineData(0.00951, "9.5 ms")]
    [InlineData(0.0421, "42 ms")]
    [InlineData(2.0449, "2.04 s")]
    public void Latencies_carry_the_digits_that_matter(double seconds, string text) => Wording.Of(TimeSpan.FromSeconds(seconds)).Should().Be(text);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(20_480, "20 kB")]
    [InlineData(2_147_483_648, "2.1 GB")]
    public void Sizes_are_written_as_etcdctl_writes_them(long bytes, string text) => Wording.OfBytes(bytes).Should().Be(text);
}
