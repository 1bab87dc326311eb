import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import { ERROR_CODES, RollcallError } from '../app/ports/errors.ts';
import type { ProgressEvent } from '../app/ports/progress.ts';
import type { Consulted } from '../app/rollcall.ts';
import { Report } from '../domain/run.ts';
import { consultedBy } from './consulted.ts';
import { ShownError } from './errors.ts';
import { RunState } from './runs.ts';

const Started = z.object({ runId: z.string(), alreadyRunning: z.boolean().default(false) });
const Progressed = z.object({
  runId: z.string(),
  phase: z.enum(['reading', 'matching', 'applying', 'verifying', 'done']),
  done: z.number(),
  total: z.number().nullable(),
});

interface Following {
  readonly signal?: AbortSignal;
  readonly onProgress: (event: ProgressEvent) => void;
}

/** The service that holds the data directory, as a command on the same machine sees it. */
export interface ServiceClient {
  /** Starts a run there and follows it to its end, or to where it waits for approval. */
  run(wish: Readonly<Record<string, unknown>>, following: Following): Promise<Report>;
  /** Lets a run go on that a guard has stopped, and follows it. */
  approve(id: string, following: Following): Promise<Report>;
  readonly consulted: Consulted;
}

const LOOK_EVERY_MS = 500;

/** Speaks to our own server on this machine, and to nobody else. */
export function createServiceClient(
  { url, token }: { readonly url: string; readonly token: string },
  clock: Clock,
): ServiceClient {
  async function send(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
    } catch (cause) {
      if (init.signal?.aborted === true) throw cause;
      throw new RollcallError('UNAVAILABLE', 'The service that holds the data directory does not answer.', {
        cure: 'Look whether `rollcall serve` is still running; if it is not, start this command again.',
        cause,
      });
    }
    if (response.ok) return response;
    const shown = ShownError.safeParse(await response.json().catch(() => null));
    const code = ERROR_CODES.find((one) => one === shown.data?.code) ?? 'CONTRACT';
    throw new RollcallError(code, shown.data?.message ?? `The service answered ${response.status}.`, {
      cure: shown.data?.cure ?? 'Start the service again: it may be of another version.',
    });
  }

  /** Progress and nothing else: how the run stands is asked for, so that a broken stream loses nothing. */
  async function listen(
    runId: string,
    signal: AbortSignal,
    hear: (event: ProgressEvent) => void,
  ): Promise<void> {
    const { body } = await send(`/v1/runs/${runId}/events`, { signal });
    if (body === null) return;
    let text = '';
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const [, data] = /^event: progress\ndata: (.*)$/u.exec(event) ?? [];
        if (data !== undefined) hear(Progressed.parse(JSON.parse(data)));
      }
    }
  }

  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> =>
    (await send(path, init)).json();
  const post = (path: string, body: unknown = {}, init: RequestInit = {}): Promise<unknown> =>
    ask(path, { ...init, method: 'POST', body: JSON.stringify(body) });

  async function follow(runId: string, { signal, onProgress }: Following): Promise<Report> {
    const shared = signal === undefined ? {} : { signal };
    const ended = new AbortController();
    const heard = listen(
      runId,
      AbortSignal.any([ended.signal, ...(signal === undefined ? [] : [signal])]),
      onProgress,
    );
    heard.catch(() => undefined);
    try {
      for (;;) {
        const state = await ask(`/v1/runs/${runId}`, shared);
        const report = Report.safeParse(state);
        if (report.success) return report.data;
        const { phase, status, problem } = RunState.parse(state);
        if (phase === 'done')
          throw new RollcallError('CONTRACT', problem ?? `Run ${runId} ended as ${status}.`, {
            cure: '`rollcall runs show` may say more.',
            details: { runId, stopped: status === 'stopped' },
          });
        await clock.sleep(LOOK_EVERY_MS, signal);
      }
    } finally {
      ended.abort();
    }
  }

  return {
    async run(wish, following) {
      const { signal } = following;
      const { runId, alreadyRunning } = Started.parse(
        await post('/v1/runs', wish, signal === undefined ? {} : { signal }),
      );
      if (alreadyRunning)
        throw new RollcallError('BUSY', `Run ${runId} is under way; one run at a time works on a CRM.`, {
          cure: 'Start the command again when it has ended.',
          details: { runId },
        });
      return follow(runId, following);
    },
    async approve(id, following) {
      await post(`/v1/runs/${encodeURIComponent(id)}/approve`);
      return follow(id, following);
    },
    consulted: consultedBy(ask, post),
  };
}
