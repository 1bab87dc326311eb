import type { CallTime } from './call-time.ts';
import type { Outcome, RetryDecision } from './retry.ts';
import type { HttpRequest, RawReply, VendorError } from './types.ts';

/** One call as it goes on: what was asked, and how its tries have gone so far. */
export interface Call<T> {
  request: HttpRequest<T>;
  requestId: string | undefined;
  time: CallTime;
  repeatable: boolean;
  /** The number of the current try, repetitions after a sign-in aside. */
  attempt: number;
  expiries: number;
  /** Requests that left this machine. */
  sent: number;
  /** A request was sent and has not been answered. */
  underWay: boolean;
  decision: RetryDecision | undefined;
  secrets: ReadonlySet<string>;
}

/** One try that came to nothing; never leaves the door. */
export class TryFailed extends Error {
  readonly outcome: Outcome;
  readonly answer: RawReply | undefined;
  readonly vendor: VendorError | undefined;
  readonly networkCode: string | undefined;

  constructor(
    outcome: Outcome,
    known: { answer?: RawReply; vendor?: VendorError | undefined; code?: string },
  ) {
    super('A try failed.');
    this.outcome = outcome;
    this.answer = known.answer;
    this.vendor = known.vendor;
    this.networkCode = known.code;
  }
}
