namespace EtcdProbeExporter.Configuration;

/// <summary>Where a setting was written, in the words of whoever wrote it.</summary>
internal sealed record Origin(string Key, string? File = null, long? Line = null)
{
    public ConfigurationError Error(string? value, string message) => new(Key, value, message) { File = File, Line = Line };
}

/// <summary>
/// What was written about one setting in one place, with that place, so that a check after the merge still names the right one. The text is
/// as written, or null when it must not be repeated.
/// </summary>
internal abstract record Written(Origin Origin, string? Text)
{
    public ConfigurationError Error(string message) => Origin.Error(Text, message);
}

/// <inheritdoc />
internal sealed record Written<T>(T Value, Origin Origin, string? Text) : Written(Origin, Text)
{
    // A record prints all its members, and the value may be a password.
    public override string ToString() => $"{Origin.Key} {Text}";
}

internal static class WrittenUrls
{
    /// <summary>What stands before an "@" may be a password, and is not repeated then.</summary>
    public static Written<string> WithoutUserInfo(this Written<string> written) =>
        written.Value.Contains('@') ? written with { Text = null } : written;
}
