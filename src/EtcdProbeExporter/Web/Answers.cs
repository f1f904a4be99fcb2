using System.Text;

namespace EtcdProbeExporter.Web;

/// <summary>How every answer is put together.</summary>
internal static class Answers
{
    public const string PlainText = "text/plain; charset=utf-8";

    public const string Json = "application/json";

    /// <summary>
    /// Set before anything else, so that no answer lacks them. All of it is of this moment, and part of it is what a member said: a browser
    /// must never take that for a page of ours.
    /// </summary>
    public static void SetCommonHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    public static Task GetAsync(HttpContext context, int status, string contentType, string body) =>
        GetAsync(context, status, contentType, Encoding.UTF8.GetBytes(body));

    public static Task GetAsync(HttpContext context, int status, string contentType, byte[] body) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? SendAsync(context, status, contentType, body)
            : RefuseMethodAsync(context, "GET, HEAD");

    public static Task RefuseMethodAsync(HttpContext context, string allowed)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
        return Task.CompletedTask;
    }

    public static Task SendAsync(HttpContext context, int status, string text) => SendAsync(context, status, PlainText, Encoding.UTF8.GetBytes(text));

    private static Task SendAsync(HttpContext context, int status, string contentType, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body).AsTask();
    }
}
