import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../app/ports/clock.ts';
import type { Progress } from '../app/ports/progress.ts';
import type { RunState } from './runs.ts';

const LOOK_EVERY_MS = 1000;
/** Something is sent at least this often, so that nobody between takes the connection for dead. */
const BREATH_EVERY_MS = 15_000;

export interface StreamOptions {
  /** How the run stands by now. */
  look(): Promise<RunState>;
  readonly runId: string;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Sends how a run stands whenever that changes, its progress where this process does the work, and the end. The store is
 * looked at, so that it does not matter who works on the run.
 */
export async function streamRun(options: StreamOptions): Promise<void> {
  const { look, runId, progress, clock, stopping, request, response } = options;
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  request.once('close', leave);
  response.once('close', leave).once('error', leave);
  stopping.addEventListener('abort', leave, { once: true });
  const send = (event: string, data: unknown): void => {
    if (!response.writableEnded) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const unsubscribe = progress.subscribe((event) => {
    if (event.runId === runId) send('progress', event);
  });
  try {
    let last = '';
    for (let quiet = 0; !gone.signal.aborted; quiet += LOOK_EVERY_MS) {
      const state = await look();
      const text = JSON.stringify(state);
      if (text !== last) {
        send('state', state);
        last = text;
        quiet = 0;
      } else if (quiet >= BREATH_EVERY_MS) {
        response.write(': still here\n\n');
        quiet = 0;
      }
      if (state.phase === 'done') {
        send('end', state);
        return;
      }
      await clock.sleep(LOOK_EVERY_MS, gone.signal).catch(() => undefined);
    }
  } finally {
    unsubscribe();
    stopping.removeEventListener('abort', leave);
    response.end();
  }
}
