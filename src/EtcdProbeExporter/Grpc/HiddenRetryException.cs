namespace EtcdProbeExporter.Grpc;

/// <summary>The HTTP handler wanted to send a request a second time: the first connection refused or abandoned it.</summary>
internal sealed class HiddenRetryException() : IOException("the server abandoned the request and the HTTP handler tried to repeat it");
