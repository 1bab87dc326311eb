import { STATUS_CODES } from 'node:http';
import type { Json } from '../types.ts';
import type { Switches } from './switches.ts';

/** A refusal of the stand-in, on its way to becoming an answer. */
export class WebitelRefusal extends Error {
  readonly httpStatus: number;
  /** Dotted id, such as `users.locate.not_found`. */
  readonly id: string;

  constructor(httpStatus: number, id: string, detail: string) {
    super(detail);
    this.name = 'WebitelRefusal';
    this.httpStatus = httpStatus;
    this.id = id;
  }
}

export function badRequest(id: string, detail: string): WebitelRefusal {
  return new WebitelRefusal(400, id, detail);
}

/** 404 for one object; `what` is the object class (`users`), `one` its singular for the text. */
export function notFound(what: string, one: string, id: string): WebitelRefusal {
  return new WebitelRefusal(404, `${what}.locate.not_found`, `${one} ${id} not found`);
}

/** A uniqueness conflict; its status is a switch, its text names the field. */
export function conflict(switches: Switches, what: string, field: string, value: string): WebitelRefusal {
  return new WebitelRefusal(
    switches.conflictStatus,
    `${what}.${field}.conflict`,
    `${field} ${value} already exists`,
  );
}

const GRPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  412: 9,
  429: 8,
  500: 13,
  503: 14,
};
const GRPC_UNKNOWN = 2;

/** The body of an error answer, in the shape that the switch asks for. */
export function errorBody(refusal: WebitelRefusal, shape: Switches['errorShape']): Json {
  if (shape === 'rpcStatus') {
    return { code: GRPC_CODES[refusal.httpStatus] ?? GRPC_UNKNOWN, message: refusal.message, details: [] };
  }
  return {
    id: refusal.id,
    code: refusal.httpStatus,
    detail: refusal.message,
    status: STATUS_CODES[refusal.httpStatus] ?? 'Error',
  };
}
