using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace EtcdProbeExporter.Status;

/// <summary>
/// HTML in the making: what stands in the source is markup, whatever is put into it is text and encoded, so that no name or error message
/// of etcd's can become markup.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup; every hole is encoded, numbers are written invariantly.</summary>
    public HtmlText Add([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        _ = markup; // it has written into us already
        return this;
    }

    /// <summary>Adds markup without holes.</summary>
    public HtmlText AddLiteral(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public override string ToString() => _text.ToString();

    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly StringBuilder _to;

        // The compiler passes both lengths, whether wanted or not.
        public Markup(int literalLength, int formattedCount, HtmlText html)
        {
            _to = html._text;
            _to.EnsureCapacity(_to.Length + literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string markup) => _to.Append(markup);

        public void AppendFormatted(string? text) => _to.Append(HtmlEncoder.Default.Encode(text ?? ""));

        public void AppendFormatted<T>(T value)
            where T : IFormattable => AppendFormatted(value.ToString(null, CultureInfo.InvariantCulture));
    }
}
