import { z } from 'zod';
import { defineJob, type DefinedJob } from '../src/app/ports/jobs.ts';
import { TELL_REQUEST_JOB } from '../src/app/requests.ts';

const Payload = z.strictObject({ requestId: z.string() });

/** The pauses between attempts double up to a minute: a CRM that is away for a quarter of an hour is told in the end. */
const ATTEMPTS = 20;

/** Writes into a row of the CRM's request entity how its run stands. */
export function tellRequestJob(tell: (requestId: string, signal: AbortSignal) => Promise<void>): DefinedJob {
  return defineJob({
    name: TELL_REQUEST_JOB,
    payload: Payload,
    attempts: ATTEMPTS,
    process: async ({ payload: { requestId }, signal }) => {
      await tell(requestId, signal);
      return { kind: 'done' };
    },
  });
}
