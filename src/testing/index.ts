/** What tests stand on: the contract of exporters, records to try it with, time that is moved by hand, and the agent as a process. */
export { type AgentExit, type AgentProcess, type AgentProcessOptions, startAgent } from './agent-process.ts'
export { checkBooks } from './check-books.ts'
export { type ContractCase, type ExporterSetup, exporterContract } from './exporter-contract.ts'
export { ManualClock } from './manual-clock.ts'
export { identifyPoints, samplePoints } from './sample-points.ts'
