using System.Globalization;
using System.Text;
using EtcdProbeExporter.Consensus;
using EtcdProbeExporter.Etcd;
using EtcdProbeExporter.Monitoring;
using EtcdProbeExporter.Probing.Operations;

namespace EtcdProbeExporter.Status;

/// <summary>
/// A cluster as text for a terminal of 100 columns: findings first, the probes of each endpoint, then the facts of
/// <c>etcdctl endpoint status -w table</c> under the same names.
/// </summary>
internal static class StatusText
{
    private const int Width = 100;
    private const string Red = "31";
    private const string Yellow = "33";
    private const string Green = "32";
    private const string Bold = "1";

    public static string Of(ClusterStatus status, bool colour)
    {
        var text = new StringBuilder();
        var report = status.Report;
        text.Append(Paint(Bold, report.Probes.Name, colour)).Append(": ");
        Wrap(text, Wording.Summary(report), report.Probes.Name.Length + 2, "  ");
        if (report.Probes.Operations.Any(o => o.Last is not null))
        {
            text.Append("  through any endpoint: ")
                .AppendJoin(", ", report.Probes.Operations.Select(o => $"{Wording.Of(o.Operation)} {Wording.Of(o)}")).Append('\n');
        }

        text.Append('\n');
        WriteProbes(text, report, colour);
        if (report.Probes.HasMembers)
        {
            text.Append('\n');
            WriteMembers(text, report, colour);
        }

        WriteFindings(text, status, colour);
        return text.ToString();
    }

    private static void WriteProbes(StringBuilder text, ClusterReport report, bool colour)
    {
        var table = new TextTable("ENDPOINT", "NAME", "STATE", "PUT", "GET", "LOCAL READ", "STATUS");
        foreach (var (probes, state) in report.Endpoints)
        {
            table.Add(
            [
                probes.Address.Label,
                Wording.Behind(probes, report.View),
                state.Label(),
                .. ((ProbeOperation[])[ProbeOperation.Put, ProbeOperation.Get, ProbeOperation.GetLocal, ProbeOperation.Status])
                    .Select(o => Wording.Of(probes.Operation(o))),
            ]);
        }

        table.Write(text, (row, column, cell) => row < 0 ? Paint(Bold, cell, colour) : column switch
        {
            2 => Paint(ColourOf(report.Endpoints[row].State), cell, colour),
            > 2 when char.IsAsciiLetter(cell[0]) => Paint(Red, cell, colour),
            _ => cell,
        });
    }

    private static void WriteMembers(StringBuilder text, ClusterReport report, bool colour)
    {
        var table = new TextTable("ENDPOINT", "ID", "VERSION", "DB SIZE", "LEADER", "LEARNER", "TERM", "INDEX", "APPLIED", "ERRORS");
        foreach (var (probes, _) in report.Endpoints.Where(e => e.Probes.Kind.SpeaksForAMember()))
        {
            table.Add(probes.Status is { } status
                ?
                [
                    probes.Address.Label, EtcdId.Format(status.MemberId), Wording.OfVersion(status), Wording.OfSize(status),
                    Bool(status.ClaimsLeadership), Bool(status.IsLearner), Number(status.Term), Number(status.RaftIndex), Number(status.RaftAppliedIndex),
                    status.Errors.Count > 0 ? Number((ulong)status.Errors.Count) : "",
                ]
                : [probes.Address.Label, probes.LastMemberId is { } last ? EtcdId.Format(last) : "-", "-", "-", "-", "-", "-", "-", "-", ""]);
        }

        var claims = report.View.Claims.Count;
        table.Write(text, (row, column, cell) => row < 0 ? Paint(Bold, cell, colour)
            : column == 4 && claims > 1 && cell.StartsWith("true", StringComparison.Ordinal) ? Paint(Red, cell, colour)
            : cell);
        foreach (var (probes, _) in report.Endpoints)
        {
            foreach (var error in probes.Status?.Errors ?? [])
            {
                text.Append("  error of ").Append(probes.Address.Label).Append(": ").Append(error).Append('\n');
            }
        }
    }

    private static void WriteFindings(StringBuilder text, ClusterStatus status, bool colour)
    {
        text.Append('\n');
        if (status.Findings.Count == 0)
        {
            text.Append(Paint(Green, "Nothing is wrong.", colour)).Append('\n');
            return;
        }

        foreach (var finding in status.Findings)
        {
            var (word, paint) = finding.Level switch
            {
                FindingLevel.Critical => ("CRITICAL", Red),
                FindingLevel.Warning => ("WARNING ", Yellow),
                _ => ("info    ", Green),
            };
            text.Append(Paint(paint, word, colour)).Append("  ");
            Wrap(text, $"{finding.Text} [{finding.Runbook}]", 10, "          ");
        }
    }

    /// <summary>Breaks at spaces; <paramref name="used"/> columns of the first line are taken.</summary>
    private static void Wrap(StringBuilder text, string sentence, int used, string indent)
    {
        var column = used;
        foreach (var word in sentence.Split(' '))
        {
            if (column > used && column + word.Length > Width)
            {
                text.Length--; // the space that would end the line
                text.Append('\n').Append(indent);
                (column, used) = (indent.Length, indent.Length);
            }

            text.Append(word).Append(' ');
            column += word.Length + 1;
        }

        text.Length--;
        text.Append('\n');
    }

    private static string ColourOf(EndpointState state) => state switch
    {
        EndpointState.Healthy => Green,
        EndpointState.Slow or EndpointState.Defragmenting or EndpointState.Learner or EndpointState.Unknown => Yellow,
        _ => Red,
    };

    private static string Bool(bool value) => value ? "true" : "false";

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Paint(string code, string text, bool colour) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
