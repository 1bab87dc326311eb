import type { ZodType } from 'zod';
import type { ErrorCode } from '../app/ports/errors.ts';
import type { RequestTally } from '../app/ports/requests.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A query value; an array repeats its name, `undefined` leaves it out. */
export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

/** One call through the door. */
export interface HttpRequest<T> {
  method: HttpMethod;
  /** Path below the door's base URL, starting with `/`, already percent-encoded where it carries data. */
  path: string;
  /** Encoded by the door with `%20` for blanks (never `+`). */
  query?: Readonly<Record<string, QueryValue>>;
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string. */
  body?: unknown;
  /** The route's name in the counters, ids replaced: `GET /users/{id}`. */
  route: string;
  /** What the answer must look like; a mismatch is a `CONTRACT` error that names the first place that differs. */
  schema: ZodType<T>;
  /** How the answer's body is read before the schema sees it. Default `json`; an empty body is `null`. */
  as?: 'json' | 'text';
  /** Statuses that are answers, not errors. Default 200–299. */
  accept?: readonly number[];
  /**
   * May the call be repeated although the first try may have been carried out? Default: only for GET. A call that may
   * not, and whose outcome is not known (time-out, broken connection after sending), ends in `UNKNOWN_OUTCOME`.
   */
  idempotent?: boolean;
  /** Milliseconds for the whole call with all its tries; default from the policy. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** Send without authentication (the sign-in itself). */
  anonymous?: boolean;
}

export interface HttpReply<T> {
  status: number;
  /** Names in lower case; `set-cookie` values joined are not available here, the session sees them. */
  headers: Readonly<Record<string, string>>;
  body: T;
}

/** What a session sees of an answer before anybody else does. */
export interface RawReply {
  status: number;
  headers: Readonly<Record<string, string>>;
  setCookie: readonly string[];
  /** The body as text, cut at the policy's size limit. */
  text: string;
  /** Path that was asked, without the query. */
  path: string;
}

/** How a door signs in and recognises that it has to do so again. */
export interface HttpSession {
  /** Headers for the next request; signs in first if there is no session. The door lets one caller at a time in. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /**
   * Lets the session keep what an answer brings (cookies), the answers of anonymous requests included; answers that
   * `expired` recognises are not shown. `usedHeaders` are those that `headers` gave for the request, none if anonymous.
   */
  observe?(reply: RawReply, usedHeaders: Readonly<Record<string, string>>): void;
  /** Does this answer mean that the session is dead, in whatever disguise (401, a login page with 200)? */
  expired(reply: RawReply): boolean;
  /** Forgets the session that was used for a request, unless a newer one has replaced it. */
  invalidate(usedHeaders: Readonly<Record<string, string>>): void;
}

/** The vendor's own error body, read by the connector that knows its shape. */
export interface VendorError {
  message: string;
  /** The vendor's own identifier, if it has one. */
  id?: string;
  /** What the connector makes of it, where the status alone says too little (a duplicate answered with 500). */
  code?: ErrorCode;
  /** What the reader can do about it, where the connector knows better than the door. */
  cure?: string;
}

/** Reads a refusal's body; `undefined` if it is not in the vendor's own shape (a proxy's page, an empty body). */
export type ReadVendorError = (text: string, contentType: string, status: number) => VendorError | undefined;

export interface HttpDoor {
  send<T>(request: HttpRequest<T>): Promise<HttpReply<T>>;
  /** Everything that was sent since the door was made. */
  tally(): RequestTally;
}
