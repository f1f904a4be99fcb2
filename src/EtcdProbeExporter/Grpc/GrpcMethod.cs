using Google.Protobuf;

namespace EtcdProbeExporter.Grpc;

/// <summary>One method: its path <c>/package.Service/Method</c> (case-sensitive) and how its response is parsed.</summary>
internal sealed record GrpcMethod<TRequest, TResponse>(string Path, MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage
    where TResponse : class, IMessage<TResponse>;
