import pRetry from 'p-retry';
import type { Clock } from '../app/ports/clock.ts';
import { isRollcallError, RollcallError } from '../app/ports/errors.ts';
import type { LogFields, Logger } from '../app/ports/logger.ts';
import { TryFailed, type Call } from './call.ts';
import { createCallTime } from './call-time.ts';
import { createConnection, type NetworkOptions } from './connection.ts';
import {
  defaultHeaders,
  encodeBody,
  encodeQuery,
  mergeHeaders,
  parseBase,
  redirectTarget,
} from './encoding.ts';
import { toError } from './failure.ts';
import { createHostLimiter, type HostLimiter, type LimiterReport } from './limiter.ts';
import { looksLikeWebPage } from './reading.ts';
import { decideRetry, DEFAULT_POLICY, type DoorPolicy, type RetryDecision } from './retry.ts';
import { cookieSecrets, secretsOf } from './secrets.ts';
import { settle } from './settle.ts';
import { createSignIn } from './sign-in.ts';
import { createTally } from './tally.ts';
import type { HttpDoor, HttpReply, HttpRequest, HttpSession, ReadVendorError } from './types.ts';
import { createWire } from './wire.ts';

export interface HttpDoorOptions {
  /** The product's name, for messages, logs and details: `webitel`. */
  system: string;
  /** `https://host/api`, without credentials and without a query; a trailing slash is dropped. */
  baseUrl: string;
  /** How to sign in; without it requests carry their own headers only. */
  session?: HttpSession;
  vendorError?: ReadVendorError;
  /** Values that no message may hold, beside those that a request carries: what the session signs in with. */
  secrets?: readonly string[];
  policy?: Partial<DoorPolicy>;
  /** Certificate authorities and proxy; without it, the usual authorities and no proxy. */
  network?: NetworkOptions | undefined;
  logger: Logger;
  clock: Clock;
  /** From 0 up to 1, for the jitter. */
  random: () => number;
  /** Makes the id of a call, which its lines in the log and its requests (`X-Request-Id`) bear; without it, none. */
  newId?: (() => string) | undefined;
  /** Shared by all doors to one host; by default the door has its own. */
  limiter?: HostLimiter;
}

type Headers = Readonly<Record<string, string>>;

/** Opens the one HTTP door to a product (design §8). */
export function createHttpDoor(options: HttpDoorOptions): HttpDoor {
  const { system, session, vendorError, logger, clock, random } = options;
  const policy: DoorPolicy = { ...DEFAULT_POLICY, ...options.policy };
  const base = parseBase(system, options.baseUrl);
  const limiter = options.limiter ?? createHostLimiter({ clock });
  const signIn = session && createSignIn(session, clock, policy.signInPauseMs);
  const connection = createConnection(system, base.href, options.network);
  const wire = createWire({ maxAnswerBytes: policy.maxAnswerBytes, connection });
  const tally = createTally();

  /** One try: waits for its turn, sends, and either has the answer that was due or throws `TryFailed`. */
  async function tryOnce<T>(call: Call<T>): Promise<HttpReply<T>> {
    const { request, time } = call;
    const permit = await limiter.enter({ signal: time.signal, urgent: request.anonymous === true });
    let report: LimiterReport = 'failed';
    try {
      const credentials: Headers =
        signIn === undefined || request.anonymous === true ? {} : await signIn.headers(time.signal);
      const headers = mergeHeaders(
        defaultHeaders(request),
        call.requestId === undefined ? undefined : { 'X-Request-Id': call.requestId },
        request.headers,
        credentials,
      );
      call.secrets = secretsOf(headers, request.query, request.body);
      time.signal.throwIfAborted();

      const uncount = tally.count(request.route, call.sent > 0);
      call.sent += 1;
      call.underWay = true;
      const result = await wire.exchange({
        method: request.method,
        url: `${base.href}${request.path}${encodeQuery(request.query)}`,
        path: request.path,
        headers,
        body: encodeBody(request.body),
        timeoutMs: Math.max(1, Math.min(policy.attemptMs, time.remainingMs())),
        signal: time.signal,
      });
      if (
        result.kind === 'network' &&
        (result.failure === 'not-sent' || result.failure === 'proxy-refused')
      ) {
        uncount();
        call.sent -= 1;
      }
      if (result.kind !== 'aborted') call.underWay = false;
      const reply = settle({ system, session, vendorError }, call, result, credentials);
      report = 'done';
      return reply;
    } catch (error) {
      if (error instanceof TryFailed) {
        call.decision = decide(call, error);
        const { pushBack, told, waitMs } = call.decision;
        if (pushBack) report = { pushedBackMs: told ? waitMs : null };
        else if (error.outcome.kind === 'answer' && error.outcome.status < 500) report = 'done';
      }
      throw error;
    } finally {
      permit.leave(report);
    }
  }

  function decide<T>(call: Call<T>, failed: TryFailed): RetryDecision {
    return decideRetry(
      {
        repeatable: call.repeatable,
        outcome: failed.outcome,
        attempt: call.attempt,
        expiries: call.expiries,
        now: clock.now(),
        remainingMs: call.time.remainingMs(),
      },
      policy,
      random,
    );
  }

  const nameOf = <T>({ request, requestId }: Call<T>): LogFields => ({
    system,
    route: request.route,
    ...(requestId === undefined ? {} : { requestId }),
  });

  /** Waits as the decision says; p-retry asks after every failed try. */
  async function shouldRetry<T>(call: Call<T>, error: unknown): Promise<boolean> {
    if (!(error instanceof TryFailed) || call.decision?.retry !== true) return false;
    const { reason, waitMs } = call.decision;
    logger.warn('A request is repeated.', {
      ...nameOf(call),
      attempt: call.attempt,
      reason,
      waitMs,
      ...(error.outcome.kind === 'answer' ? { status: error.outcome.status } : {}),
    });
    if (error.outcome.kind === 'expired') call.expiries += 1;
    else call.attempt += 1;
    if (waitMs > 0) await clock.sleep(waitMs, call.time.signal);
    return true;
  }

  function failure<T>(call: Call<T>, error: unknown): unknown {
    const decision = call.decision;
    if (error instanceof TryFailed && decision !== undefined) {
      const { answer } = error;
      return toError({
        system,
        host: base.host,
        route: call.request.route,
        outcome: error.outcome,
        decision,
        attempts: call.sent,
        vendor: error.vendor,
        location: redirectTarget(answer, base.href),
        html: answer !== undefined && looksLikeWebPage(answer, answer.headers['content-type'] ?? ''),
        networkCode: error.networkCode,
        proxy: connection.proxy,
        secrets: new Set([
          ...(options.secrets ?? []),
          ...call.secrets,
          ...cookieSecrets(answer?.setCookie ?? []),
        ]),
      });
    }
    if (!call.time.signal.aborted || error instanceof RollcallError) return error;
    const details = { system, route: call.request.route, status: null, attempts: call.sent };
    if (call.underWay && !call.repeatable) {
      return new RollcallError(
        'UNKNOWN_OUTCOME',
        `${call.request.route} was aborted while ${system} was working on it; whether it was carried out is not known.`,
        { cure: 'Run again: what was carried out is read first and not done twice.', details },
      );
    }
    if (!call.time.expired()) return call.time.reason();
    return new RollcallError(
      'UNAVAILABLE',
      `The time for ${call.request.route} ran out before ${system} gave an answer.`,
      { cure: `Try again later; if it stays so, ask the administrator of ${system}.`, details },
    );
  }

  return {
    async send<T>(request: HttpRequest<T>): Promise<HttpReply<T>> {
      const time = createCallTime(clock, request.deadlineMs ?? policy.deadlineMs, request.signal);
      const call: Call<T> = {
        request,
        requestId: options.newId?.(),
        time,
        repeatable: request.idempotent ?? request.method === 'GET',
        attempt: 1,
        expiries: 0,
        sent: 0,
        underWay: false,
        decision: undefined,
        secrets: new Set(),
      };
      const startedAt = clock.now();
      const spent = () => ({ attempts: call.sent, ms: clock.now() - startedAt });
      try {
        const reply = await pRetry(() => tryOnce(call), {
          // The decision bounds the tries and says how long to wait; p-retry only goes round.
          retries: Number.POSITIVE_INFINITY,
          minTimeout: 0,
          shouldRetry: ({ error }) => shouldRetry(call, error),
        });
        logger.debug('A request was answered.', { ...nameOf(call), status: reply.status, ...spent() });
        return reply;
      } catch (error) {
        const failed = failure(call, error);
        // The code alone: what went wrong with it is told by whoever can do something about it.
        logger.debug('A request failed.', { ...nameOf(call), ...outcomeOf(failed), ...spent() });
        throw failed;
      } finally {
        time.release();
      }
    },
    tally: () => tally.read(),
  };
}

/** Code and status of a failed call, as the log has them. */
function outcomeOf(error: unknown): LogFields {
  return isRollcallError(error)
    ? { code: error.code, status: error.details['status'] ?? null }
    : { code: 'ABORTED', status: null };
}
