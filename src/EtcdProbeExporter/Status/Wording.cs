using System.Globalization;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Endpoints;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>How facts are written for people: the same words in the table, on the page and in findings.</summary>
internal static class Wording
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>Milliseconds below one second, with the precision that can be trusted: 0.42 ms, 4.2 ms, 42 ms, 4.20 s.</summary>
    public static string Of(TimeSpan duration) => duration.TotalMilliseconds switch
    {
        < 1 => Invariant($"{duration.TotalMilliseconds:0.00} ms"),
        < 10 => Invariant($"{duration.TotalMilliseconds:0.0} ms"),
        < 1000 => Invariant($"{duration.TotalMilliseconds:0} ms"),
        _ => Invariant($"{duration.TotalSeconds:0.00} s"),
    };

    /// <summary>Bytes as etcdctl writes them: 20 kB, 2.1 GB; powers of 1000.</summary>
    public static string OfBytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < Units.Length - 1)
        {
            (value, unit) = (value / 1000, unit + 1);
        }

        return value.ToString(value < 10 && unit > 0 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary>The version a member runs, and the layout of its database where that is another: <c>3.7.3, storage 3.6</c>.</summary>
    public static string OfVersion(MemberStatus status) =>
        status.StorageVersion is { } storage && MajorMinor(storage) is var layout && layout != MajorMinor(status.Version)
            ? $"{status.Version}, storage {layout}"
            : status.Version;

    /// <summary>Size of the database, and the quota where the member reports it.</summary>
    public static string OfSize(MemberStatus status) =>
        status.DbSizeQuota is { } quota ? $"{OfBytes(status.DbSize)} of {OfBytes(quota)}" : OfBytes(status.DbSize);

    /// <summary>A latency, or why there is none; "-" when the operation is not probed there.</summary>
    public static string Of(OperationSnapshot? operation) => operation?.Last switch
    {
        null => "-",
        { Failure: { } reason } => reason.Label(),
        var last => Of(last.Duration),
    };

    /// <summary>The same, or how long the probe under way has been waiting, once that is longer than a second.</summary>
    public static string OfRunning(OperationSnapshot? operation) =>
        operation is { InFlight.TotalSeconds: > 1 } ? $"waiting for {Of(operation.InFlight)}" : Of(operation);

    /// <summary>What a failed probe had to say: <c>timeout after 5.00 s (…)</c>.</summary>
    public static string Failure(ProbeResult result) => result.Failure switch
    {
        null => "",
        FailureReason.Timeout => $"timeout after {Of(result.Duration)}",
        { } reason when result.Detail.StartsWith(reason.Label() + ":", StringComparison.OrdinalIgnoreCase) => result.Detail,
        { } reason when result.Detail.Length > 0 => $"{reason.Label()}: {result.Detail}",
        { } reason => reason.Label(),
    };

    /// <summary>Operation as people say it.</summary>
    public static string Of(ProbeOperation operation) => operation switch
    {
        ProbeOperation.GetLocal => "local read",
        var other => other.Label(),
    };

    /// <summary>The endpoint, and the name of the member behind it where that is known: <c>10.0.0.1:2379 (m1)</c>.</summary>
    public static string Who(EndpointSnapshot endpoint, ClusterView view) =>
        NameOf(endpoint, view) is { Length: > 0 } name ? $"{endpoint.Address.Label} ({name})" : endpoint.Address.Label;

    /// <summary>Name of the member that answers here, or last did; empty when nobody knows.</summary>
    public static string NameOf(EndpointSnapshot endpoint, ClusterView view) =>
        !endpoint.Kind.SpeaksForAMember() ? ""
        : (endpoint.Status?.MemberId ?? endpoint.Headers?.MemberId) is { } id ? ClusterViews.NameOf(view.MemberList, id)
        : endpoint.LastMemberId is { } last ? ClusterViews.NameOf(view.MemberList, last)
        : view.MemberList?.FirstOrDefault(m => m.ClientUrls.Any(u => u.EndsWith("://" + endpoint.Address.Label, StringComparison.OrdinalIgnoreCase)))?.Name
            ?? "";

    /// <summary>Who is behind an endpoint, for a table: the member's name, or what else is there.</summary>
    public static string Behind(EndpointSnapshot endpoint, ClusterView view) => endpoint.Kind switch
    {
        EndpointKind.Gateway => $"gateway, now {NameOf(endpoint, view)}",
        EndpointKind.Proxy => "(gRPC proxy)",
        EndpointKind.Compatible => "(no member)",
        _ => NameOf(endpoint, view),
    };

    /// <summary>The cluster in one line: can it be used, who leads, what may still fail.</summary>
    public static string Summary(ClusterReport report)
    {
        var view = report.View;
        var usable = report.Probes.Writable switch { true => "writable", false => "NOT WRITABLE", null => "writes not probed" };
        if (!report.Probes.HasMembers)
        {
            return $"{usable}, probed through {string.Join(" and ", report.Probes.Endpoints.Select(e => Plural(e.Kind)).Distinct())} only: nothing is known of members";
        }

        var leader = view.Leader is { } l
            ? $"leader {(l.MemberName.Length > 0 ? l.MemberName : EtcdId.Format(l.MemberId))}{(l.Endpoint.Length > 0 ? $" ({l.Endpoint})" : "")}"
            : view.HasLeader is null && view.Members.Count > 0 ? "leader unknown" : "no leader";
        var term = view.MaxTerm is { } t ? $" at term {t}" : "";
        var tolerance = view.FailureTolerance switch
        {
            null => "failure tolerance unknown",
            < 0 => "quorum lost",
            1 => "tolerates 1 failure",
            { } n => $"tolerates {n} failures",
        };
        return $"{usable}, {leader}{term}, {tolerance}, split brain {report.SplitBrain.State.Label()}";
    }

    private static string MajorMinor(string version) => string.Join('.', version.Split('.').Take(2));

    private static string Plural(EndpointKind? kind) => kind == EndpointKind.Proxy ? "gRPC proxies" : "servers that are no members";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
