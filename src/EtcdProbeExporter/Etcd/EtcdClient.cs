using System.Runtime.CompilerServices;
using EtcdProbeExporter.Etcd.Protos;
using EtcdProbeExporter.Grpc;
using Google.Protobuf;

namespace EtcdProbeExporter.Etcd;

/// <summary>
/// The calls of one endpoint, on one connection, each tried once. Failures come back as values; only cancellation by the caller throws.
/// </summary>
internal sealed class EtcdClient(GrpcConnection connection, Login? login, TimeProvider time)
{
    /// <summary>See <see cref="GrpcConnection.Connections"/>.</summary>
    public int Connections => connection.Connections;

    /// <summary>The newest connection, by a number that no other connection of the process has; 0 before the first.</summary>
    public int ConnectionNumber => connection.Connections is 0 ? 0 : HashCode.Combine(RuntimeHelpers.GetHashCode(connection), connection.Connections);

    /// <summary>Which cluster was found at the end of which connection, by whoever asked last; null before that.</summary>
    public (int Connection, ulong ClusterId)? Found { get; set; }

    /// <param name="key">What to write.</param>
    /// <param name="value">See above.</param>
    /// <param name="onlyOn">The connection to write to: on another one nothing is sent, see <see cref="GrpcConnection.NotSent"/>.</param>
    /// <param name="timeout">For the whole call.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    public Task<GrpcCallResult<PutResponse>> PutAsync(
        ByteString key, ByteString value, int onlyOn, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(EtcdMethods.Put, new PutRequest { Key = key, Value = value }, timeout, cancellationToken, onlyOn);

    /// <summary>
    /// A put that is never carried out: a transaction whose comparison is never true (no key has a negative version) and whose success
    /// branch holds the put. It is proposed, fsynced by a quorum and applied as any write, and changes neither revision nor keyspace.
    /// </summary>
    public Task<GrpcCallResult<TxnResponse>> CommitNothingAsync(
        ByteString key, ByteString value, int onlyOn, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var txn = new TxnRequest
        {
            Compare =
            {
                new Compare
                {
                    Key = key,
                    Target = Compare.Types.CompareTarget.Version,
                    Result = Compare.Types.CompareResult.Less,
                    Version = 0,
                },
            },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = key, Value = value } } },
        };
        return CallAsync(EtcdMethods.Txn, txn, timeout, cancellationToken, onlyOn);
    }

    /// <param name="key">One key; ranges are never read.</param>
    /// <param name="serializable">True: this member's own data, perhaps old. False: confirmed with a quorum (ReadIndex).</param>
    /// <param name="timeout">For the whole call.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    public Task<GrpcCallResult<RangeResponse>> GetAsync(
        ByteString key, bool serializable, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(EtcdMethods.Range, new RangeRequest { Key = key, Limit = 1, Serializable = serializable }, timeout, cancellationToken);

    public Task<GrpcCallResult<StatusResponse>> StatusAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(EtcdMethods.Status, new StatusRequest(), timeout, cancellationToken, goesWithoutLogin: true);

    /// <summary>The member list as this member has it, from its memory: no quorum, no disk lock.</summary>
    public Task<GrpcCallResult<MemberListResponse>> LocalMemberListAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(EtcdMethods.MemberList, new MemberListRequest { Linearizable = false }, timeout, cancellationToken, goesWithoutLogin: true);

    /// <summary>Expensive for the member (scans all keys up to <paramref name="revision"/>): rarely, and one member at a time.</summary>
    public Task<GrpcCallResult<HashKVResponse>> HashKVAsync(long revision, TimeSpan timeout, CancellationToken cancellationToken) =>
        CallAsync(EtcdMethods.HashKV, new HashKVRequest { Revision = revision }, timeout, cancellationToken);

    /// <summary>Opens a watch on one key, from <paramref name="startRevision"/> (0: from now). The first message says whether it was created.</summary>
    public async Task<GrpcCallResult<GrpcStream<WatchResponse>>> WatchAsync(
        ByteString key, long startRevision, TimeSpan openTimeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var (metadata, failure) = await MetadataAsync(openTimeout, cancellationToken);
        if (failure is not null)
        {
            return failure;
        }

        var create = new WatchRequest { CreateRequest = new WatchCreateRequest { Key = key, StartRevision = startRevision } };
        var left = openTimeout - time.GetElapsedTime(started);
        return await connection.OpenStreamAsync(EtcdMethods.Watch, create, left, metadata, cancellationToken);
    }

    /// <param name="method">What is called.</param>
    /// <param name="request">With what.</param>
    /// <param name="timeout">For the whole call.</param>
    /// <param name="cancellationToken">The caller gives up.</param>
    /// <param name="onlyOn">See <see cref="PutAsync"/>.</param>
    /// <param name="goesWithoutLogin">
    /// A login is a raft entry: where no quorum is, it hangs as writes do, and a member that answers from its memory would look frozen. Such a
    /// call waits half of its time for the token and goes without it then. Releases since 2026 refuse it, which is an answer too.
    /// </param>
    private async Task<GrpcCallResult<TResponse>> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan timeout, CancellationToken cancellationToken, int? onlyOn = null, bool goesWithoutLogin = false)
        where TRequest : class, IMessage
        where TResponse : class, IMessage<TResponse>
    {
        var started = time.GetTimestamp();
        var result = await OnceAsync(timeout);
        if (login is null || result.IsOk || !Login.IsTokenRejected(result.Failure))
        {
            return result;
        }

        // Not a retry of the probe: a rejected token means that the member refused to look at the request. JWT tokens expire every five
        // minutes, and a simple token is lost when its member restarts; etcd's own client logs in again as well (client/v3/retry_interceptor.go).
        return await OnceAsync(timeout - time.GetElapsedTime(started));

        async Task<GrpcCallResult<TResponse>> OnceAsync(TimeSpan left)
        {
            var begin = time.GetTimestamp();
            var (metadata, failure) = await MetadataAsync(goesWithoutLogin ? left / 2 : left, cancellationToken);
            if (failure is not null && !(goesWithoutLogin && failure.Kind == GrpcFailureKind.Deadline))
            {
                return failure;
            }

            left -= time.GetElapsedTime(begin);
            var answer = await connection.UnaryAsync(method, request, left, metadata, cancellationToken, onlyOn);
            if (!answer.IsOk && Login.IsTokenRejected(answer.Failure) && metadata.Entries is [var token, ..])
            {
                login?.Reject(token.Value);
            }

            return answer;
        }
    }

    private async Task<(GrpcMetadata Metadata, GrpcFailure? Failure)> MetadataAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (login is null)
        {
            return (GrpcMetadata.None, null);
        }

        var (token, failure) = await login.TokenAsync(connection, timeout, cancellationToken);
        return string.IsNullOrEmpty(token)
            ? (GrpcMetadata.None, failure)
            : (new GrpcMetadata([new("token", token)]), null);
    }
}
