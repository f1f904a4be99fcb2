namespace EtcdProbeExporter.Tests;
