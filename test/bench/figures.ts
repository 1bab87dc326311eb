import { availableParallelism, loadavg } from 'node:os';
import type { Repeated } from './document.ts';

/** The figures of repeated runs. */
export function repeated(values: readonly number[]): Repeated {
  const all = values.map(rounded);
  const ordered = all.toSorted((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const [low = 0, high = 0] = [ordered[ordered.length % 2 === 0 ? middle - 1 : middle], ordered[middle]];
  return { min: ordered[0] ?? 0, median: rounded((low + high) / 2), all };
}

/** Two places are more than the machine repeats. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

export function megabytes(bytes: number): number {
  return rounded(bytes / 1e6);
}

/** What the figures were measured on. */
export function machine(): { node: string; processors: number; load: number } {
  return { node: process.version, processors: availableParallelism(), load: rounded(loadavg()[0] ?? 0) };
}
