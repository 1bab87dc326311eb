import type { Progress, ProgressEvent } from './ports/progress.ts';

/** Hands progress on to everybody who listens in this process. */
export function createProgress(): Progress {
  const listeners = new Set<(event: ProgressEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
