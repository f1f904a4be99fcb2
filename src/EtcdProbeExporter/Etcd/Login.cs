using System.Diagnostics.CodeAnalysis;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// The auth token of one endpoint: fetched once, shared by all calls, fetched anew when the member rejects it. A login costs etcd a bcrypt
/// (tens of milliseconds of CPU) and a raft entry, so there is one at a time, and after one that etcd refused a pause, for as long as the password
/// stays the same. One that nobody answered cost the member little, and took its time: the next call tries again.
/// </summary>
/// <param name="user">User name.</param>
/// <param name="password">The password at this moment; throws nothing.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001", Justification = "SemaphoreSlim owns nothing until its wait handle is asked for; calls may outlive the link.")]
internal sealed class Login(string user, Func<string> password, TimeProvider time)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>After an error that may be over at any moment, such as an election.</summary>
    private static readonly TimeSpan PauseAfterPassingError = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _token;
    private GrpcFailure? _failure;
    private string? _refused;
    private long _failedAt;

    /// <summary>The token (empty when the cluster has auth switched off) or why there is none.</summary>
    public async Task<(string? Token, GrpcFailure? Failure)> TokenAsync(
        GrpcConnection connection, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (_token is { } known)
        {
            return (known, null);
        }

        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _gate.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, GrpcFailure.DeadlineExceeded("waited for another login that did not end"));
        }

        try
        {
            if (_token is { } fresh)
            {
                return (fresh, null);
            }

            // A new password is worth a try at once.
            if (_failure is { } recent && _refused == password() && time.GetElapsedTime(_failedAt) < PauseAfter(recent))
            {
                return (null, recent);
            }

            return await AuthenticateAsync(connection, timeout - time.GetElapsedTime(started), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Forgets <paramref name="token"/>, as <see cref="TokenAsync"/> returned it, if it is still the current one: the same object.</summary>
    public void Reject(string token) => Interlocked.CompareExchange(ref _token, null, token);

    /// <summary>Whether a member refused a call because of its token: nothing was done, and a new login may help.</summary>
    public static bool IsTokenRejected(GrpcFailure failure) =>
        failure.Kind == GrpcFailureKind.Status
        && (failure.Status.Message.StartsWith(EtcdErrors.InvalidAuthToken, StringComparison.Ordinal)
            || failure.Status.Message.StartsWith(EtcdErrors.AuthOldRevision, StringComparison.Ordinal)
            || failure.Status.Message.StartsWith(EtcdErrors.UserEmpty, StringComparison.Ordinal));

    private static TimeSpan PauseAfter(GrpcFailure failure) =>
        FailureReasons.Classify(failure) is FailureReason.Unauthenticated or FailureReason.PermissionDenied ? PauseAfterFailure : PauseAfterPassingError;

    private async Task<(string? Token, GrpcFailure? Failure)> AuthenticateAsync(
        GrpcConnection connection, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var tried = password();
        var request = new AuthenticateRequest { Name = user, Password = tried };
        var answer = await connection.UnaryAsync(EtcdMethods.Authenticate, request, timeout, GrpcMetadata.None, cancellationToken);
        if (answer.IsOk)
        {
            _token = answer.Message.Token;
            _failure = null;
            return (_token, null);
        }

        if (answer.Failure.Status.Message.StartsWith(EtcdErrors.AuthNotEnabled, StringComparison.Ordinal))
        {
            _token = ""; // as etcd's own client does: a user name is harmless where auth is off
            return (_token, null);
        }

        _failure = answer.Failure.Kind == GrpcFailureKind.Status ? answer.Failure : null;
        _refused = tried;
        _failedAt = time.GetTimestamp();
        return (null, answer.Failure);
    }
}
