using System.Globalization;
using System.Text;

namespace EtcdProbeExporter.Configuration;

/// <summary>One reason why a configuration is refused.</summary>
/// <param name="Key">Where it stands: <c>--probe.interval</c>, <c>ETCDCTL_CERT</c> or a path such as
/// <c>clusters[0].probe.key_prefix</c>.</param>
/// <param name="Value">The offending text; null when nothing was given or when it may hold a secret.</param>
/// <param name="Message">What is wrong with it and what would be right.</param>
internal sealed record ConfigurationError(string Key, string? Value, string Message)
{
    /// <summary>The configuration file, when the error stands in it.</summary>
    public string? File { get; init; }

    public long? Line { get; init; }

    public long? Column { get; init; }

    /// <summary>One line: <c>etcd.yml:7: clusters[0].probe.interval "5": …</c>, a form that editors can jump to.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (File is not null)
        {
            text.Append(File).Append(':');
            foreach (var position in new[] { Line, Column })
            {
                if (position is { } number)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{number}:");
                }
            }

            text.Append(' ');
        }

        text.Append(Key);
        if (Value is not null)
        {
            text.Append(' ').Append(QuotedText.Of(Value));
        }

        return text.Append(": ").Append(Message).ToString();
    }
}
