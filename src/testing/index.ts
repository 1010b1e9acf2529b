/** What tests stand on: the contract of exporters, a host and records to try it with, time that is moved by hand, and the agent as a process. */
export { type AgentExit, type AgentProcess, type AgentProcessOptions, startAgent } from './agent-process.ts'
export { type BufferSetup, bufferContract, type CreateBuffer, words } from './buffer-contract.ts'
export { checkBooks } from './check-books.ts'
export { type ContractCase, type ExporterSetup, exporterContract } from './exporter-contract.ts'
export { ManualClock } from './manual-clock.ts'
export { identifyPoints, identityLabel, samplePoints } from './sample-points.ts'
export { type StorageSetup, storageContract } from './storage-contract.ts'
export { createTestHost } from './test-host.ts'
