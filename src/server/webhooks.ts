import { z } from 'zod';
import type { Clock } from '../app/ports/clock.ts';
import type { NewHint } from '../app/ports/hints.ts';
import type { Rollcall } from '../app/rollcall.ts';
import { Refusal, ShownError } from './errors.ts';
import { defineRoute, type Route } from './route.ts';
import { checkProof, type WebhookProof } from './signatures.ts';

const MOST_HINTS = 100;

const Event = z
  .string()
  .toLowerCase()
  .transform((text) => EVENT_WORDS[text] ?? text)
  .pipe(z.enum(['added', 'modified', 'deleted']));

/** Names that processes of the CRM give to the same things. */
const EVENT_WORDS: Readonly<Record<string, string>> = {
  inserted: 'added',
  created: 'added',
  updated: 'modified',
  changed: 'modified',
  removed: 'deleted',
};

const Guid = z
  .guid()
  .transform((text) => text.toLowerCase())
  .refine((text) => text !== '00000000-0000-0000-0000-000000000000', 'must name a row');

/** Also as the CRM writes it: `Entity`, `RecordId`, `Event`. */
const Hint = z.preprocess(
  lowerKeys,
  z
    .object({
      entity: z.string().min(1).max(250).describe('The object, by its code'),
      id: Guid.optional().describe('The row'),
      recordid: Guid.optional().describe('The same'),
      event: Event.describe('added, modified or deleted'),
    })
    .transform(({ entity, id, recordid, event }, context) => {
      const rowId = id ?? recordid;
      if (rowId !== undefined) return { entity, rowId, event };
      context.addIssue({ code: 'custom', message: 'id is missing' });
      return z.NEVER;
    }),
);

/** One hint, or several. */
const Body = z.union([
  z.array(Hint).min(1).max(MOST_HINTS),
  z.preprocess((value) => (Array.isArray(value) ? undefined : [value]), z.tuple([Hint])),
]);

/** What the document shows of the body: its usual form. */
const ShownHint = z.object({
  entity: z.string().describe('The object, by its code'),
  id: z.guid().describe('The row; recordId is understood, too, and any capitals'),
  event: z.enum(['added', 'modified', 'deleted']),
});
export const ShownBody = z.union([ShownHint, z.array(ShownHint).min(1).max(MOST_HINTS)]);

const Heard = z.strictObject({
  kept: z.number().int().describe('Rows that a push will look at'),
  ignored: z.number().int().describe('Rows that no push depends on, such as contacts'),
});

/** Rows of the CRM that were added, changed or deleted. Whatever the body says is read afresh before anything is done. */
export function webhookRoute(rollcall: Pick<Rollcall, 'hear'>, proof: WebhookProof, clock: Clock): Route {
  return defineRoute({
    method: 'POST',
    url: '/v1/webhooks/creatio',
    access: 'webhook',
    summary: 'Tells of rows of the CRM that were added, changed or deleted',
    body: z.instanceof(Buffer).optional(),
    answers: {
      202: { description: 'Kept: nothing will be lost', schema: Heard },
      400: { description: 'Broken JSON, an unknown entity, or no GUID', schema: ShownError },
      401: { description: 'No proof of the sender, a wrong one or a stale one', schema: ShownError },
      413: { description: 'Too large', schema: ShownError },
    },
    async handle({ body: raw = Buffer.alloc(0) }, { request, reply }) {
      checkProof(proof, request.headers, raw, clock.now());
      const heard = await rollcall.hear(readHints(raw));
      return reply.code(202).send(heard);
    },
  });
}

function readHints(raw: Buffer): NewHint[] {
  const parsed = Body.safeParse(readJson(raw));
  if (parsed.success) return parsed.data.map((hint) => ({ ...hint, source: 'webhook' }));
  throw new Refusal(
    400,
    'VALIDATION',
    'This is no hint.',
    `Send {"entity": …, "id": GUID, "event": "added" | "modified" | "deleted"}, or a list of at most ${MOST_HINTS} of them.`,
  );
}

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new Refusal(400, 'VALIDATION', 'The body is not JSON.', 'Send a JSON document, see /openapi.json.');
  }
}

function lowerKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, cell]) => [key.toLowerCase(), cell]));
}
