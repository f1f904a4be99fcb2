namespace EtcdProbeExporter.Campaign.Client;

/// <summary>How a request of the independent client ended.</summary>
internal enum Ending
{
    Done,

    /// <summary>Nothing was answered in time.</summary>
    Silence,

    /// <summary>No connection, or one that was broken before an answer.</summary>
    NoConnection,

    /// <summary>etcd answered with an error.</summary>
    Refused,
}

/// <summary>One request of the independent client through one endpoint: a put, or else Status. The text is that of an error.</summary>
internal sealed record Sample(string Endpoint, bool IsWrite, TimeSpan Start, TimeSpan End, Ending Ending, string Text)
{
    /// <summary>What the member says of itself; null unless Status was answered.</summary>
    public StatusAnswer? Status { get; init; }

    public TimeSpan Duration => End - Start;

    public bool Overlaps(TimeSpan from, TimeSpan to) => Start <= to && End >= from;

    public override string ToString() => FormattableString.Invariant(
        $"{Start.TotalSeconds:0.00}-{End.TotalSeconds:0.00} {Endpoint} {(IsWrite ? "put" : "status")} {Ending} {Text}{Status}");
}

/// <summary>The part of etcd's Status that is compared with what the exporter says. Ids in decimal, as etcd's JSON has them.</summary>
internal sealed record StatusAnswer(ulong MemberId, ulong Leader, ulong Term, ulong RaftIndex, bool IsLearner, string Errors)
{
    public bool ClaimsLeadership => Leader == MemberId;
}
