using System.Globalization;

namespace EtcdProbeExporter.Etcd;

/// <summary>An active alarm and the member it names (0 when the alarm names none, as CORRUPT may).</summary>
internal readonly record struct MemberAlarm(AlarmKind Kind, ulong MemberId)
{
    /// <summary>etcd's own word for the alarm.</summary>
    public string Label => Kind == AlarmKind.NoSpace ? "NOSPACE" : "CORRUPT";

    /// <summary>
    /// Reads one line of <c>Status.errors</c>, e.g. <c>memberID:123 alarm:NOSPACE </c>. That is protobuf's text form, whose spacing is
    /// not stable, so only the alarm's name and the digits after <c>memberID:</c> are looked for. Null: the line names no alarm.
    /// </summary>
    public static MemberAlarm? Parse(string error)
    {
        if (error.Contains("NOSPACE", StringComparison.Ordinal))
        {
            return new MemberAlarm(AlarmKind.NoSpace, MemberIdIn(error));
        }

        return error.Contains("CORRUPT", StringComparison.Ordinal) ? new MemberAlarm(AlarmKind.Corrupt, MemberIdIn(error)) : null;
    }

    private static ulong MemberIdIn(string error)
    {
        const string Name = "memberID:";
        var start = error.IndexOf(Name, StringComparison.Ordinal);
        if (start < 0)
        {
            return 0;
        }

        var digits = error.AsSpan(start + Name.Length).TrimStart();
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        return ulong.TryParse(length < 0 ? digits : digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
    }
}

/// <summary>etcd's alarms (api/etcdserverpb/rpc.proto, AlarmType). Either one stops all writes to the cluster until disarmed by hand.</summary>
internal enum AlarmKind
{
    NoSpace,
    Corrupt,
}
