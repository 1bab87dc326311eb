import { RollcallError } from '../app/ports/errors.ts';
import { TryFailed, type Call } from './call.ts';
import { looksLikeWebPage, readAnswer } from './reading.ts';
import type { HttpReply, HttpSession, RawReply, ReadVendorError } from './types.ts';
import type { WireResult } from './wire.ts';

/** What is known of the product that answers. */
export interface Answering {
  readonly system: string;
  readonly session: HttpSession | undefined;
  readonly vendorError: ReadVendorError | undefined;
}

/**
 * What became of a try: the answer that was due.
 *
 * @throws TryFailed for anything that may be tried again, or is refused for good
 * @throws RollcallError `CONTRACT` when the answer is not of the shape that was asked for
 */
export function settle<T>(
  { system, session, vendorError }: Answering,
  call: Call<T>,
  result: WireResult,
  credentials: Readonly<Record<string, string>>,
): HttpReply<T> {
  const { request, time } = call;
  if (result.kind === 'aborted') {
    if (!time.expired()) throw time.reason();
    throw new TryFailed({ kind: 'network', failure: 'timed-out' }, { code: 'ETIMEDOUT' });
  }
  if (result.kind === 'network') {
    throw new TryFailed({ kind: 'network', failure: result.failure }, { code: result.code });
  }
  const { reply, contentType } = result;
  if (request.anonymous !== true && session?.expired(reply) === true) {
    session.invalidate(credentials);
    throw new TryFailed({ kind: 'expired' }, { answer: reply });
  }
  session?.observe?.(reply, credentials);

  const accepted = request.accept?.includes(reply.status) ?? (reply.status >= 200 && reply.status < 300);
  if (!accepted) throw refused(reply, contentType, vendorError);
  const read = readAnswer(reply, contentType, request.as ?? 'json');
  if (!read.ok) {
    throw new TryFailed({ kind: 'answer', status: reply.status, unreadable: true }, { answer: reply });
  }
  return {
    status: reply.status,
    headers: reply.headers,
    body: checked(system, call, read.value, reply),
  };
}

function refused(reply: RawReply, contentType: string, vendorError: ReadVendorError | undefined): TryFailed {
  const { status } = reply;
  const vendor = looksLikeWebPage(reply, contentType)
    ? undefined
    : vendorError?.(reply.text, contentType, status);
  const retryAfter = reply.headers['retry-after'];
  return new TryFailed(
    {
      kind: 'answer',
      status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(vendor === undefined ? {} : { vendor: vendor.code === undefined ? {} : { code: vendor.code } }),
    },
    { answer: reply, vendor },
  );
}

function checked<T>(system: string, call: Call<T>, value: unknown, reply: RawReply): T {
  const parsed = call.request.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path =
    issue === undefined || issue.path.length === 0 ? 'the body itself' : issue.path.map(String).join('.');
  // Without the ZodError as cause: a custom message may quote the value that it refused.
  throw new RollcallError(
    'CONTRACT',
    `${system} answered ${call.request.route} with something unexpected at ${path} (${issue?.code === 'invalid_type' ? `expected ${issue.expected}` : (issue?.code ?? 'unknown')}).`,
    {
      cure: `Check that the version of ${system} is supported; if it is, report this as a fault of the connector.`,
      details: { system, route: call.request.route, status: reply.status, attempts: call.sent, path },
    },
  );
}
