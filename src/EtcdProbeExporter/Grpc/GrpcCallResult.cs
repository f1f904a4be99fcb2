using System.Diagnostics.CodeAnalysis;

namespace EtcdProbeExporter.Grpc;

/// <summary>The outcome of one call as a value: a message, or a failure. Never both, never neither.</summary>
internal readonly record struct GrpcCallResult<TResponse>
    where TResponse : class
{
    private GrpcCallResult(TResponse? message, GrpcFailure? failure)
    {
        Message = message;
        Failure = failure;
    }

    public TResponse? Message { get; }

    public GrpcFailure? Failure { get; }

    /// <summary>Null: the request was never handed to a connection.</summary>
    public CallSpan? Span { get; init; }

    [MemberNotNullWhen(true, nameof(Message))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsOk => Message is not null;

    public static implicit operator GrpcCallResult<TResponse>(TResponse message) => new(message, null);

    public static implicit operator GrpcCallResult<TResponse>(GrpcFailure failure) => new(null, failure);
}

/// <summary>Timestamps of when a request was handed to its connection, and of when its answer was complete or was given up.</summary>
internal readonly record struct CallSpan(long Sent, long Ended);
