/** GPUs are measured less often than the rest, every 5 s unless set otherwise: so long a measurement stands for the samples after it. */
const gpuHoldMs = 15_000

/** For how many milliseconds a value of that metric stands for samples that have none. */
export const holdMs = (name: string): number => (name.startsWith('gpu.') ? gpuHoldMs : 0)
