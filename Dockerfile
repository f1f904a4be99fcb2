# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# What decides the packages comes first: a change of the code does not restore them anew.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/EtcdProbeExporter/EtcdProbeExporter.csproj src/EtcdProbeExporter/
RUN dotnet restore src/EtcdProbeExporter/EtcdProbeExporter.csproj
COPY src src
ARG REVISION=unknown
RUN dotnet publish src/EtcdProbeExporter/EtcdProbeExporter.csproj --configuration Release --no-restore --output /app \
    -p:SourceRevisionId=${REVISION} -p:UseAppHost=false

# Chiseled: no shell, no package manager; APP_UID is its unprivileged user.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./
# The diagnostics socket would be the only file it ever writes: without it the root file system may be read-only.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
EXPOSE 10379
# Asks the exporter alone: a sick etcd must not restart the one who reports it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["dotnet", "etcd-probe-exporter.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "etcd-probe-exporter.dll"]
