/** For applications: their own profile, to the exporters that their environment names. */
export { type StartProfilingOptions, startProfiling } from './start-profiling.ts'
