import type { Json } from '../types.ts';

/** An answer that ends a request early; thrown by whatever finds the reason. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** The JSON body; `undefined` is an empty body, a string is HTML. */
  readonly body: Json | undefined;

  constructor(status: number, message: string, body: Json | undefined) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

const envelope = (message: string, inner?: Json): Json => ({
  error: { code: '', message, ...(inner === undefined ? {} : { innererror: inner }) },
});

/** 400 for what the address asks for: literals, options, unknown names. */
export function badQuery(detail: string): Refusal {
  const message = `The query specified in the URI is not valid. ${detail}`;
  const inner: Json = { message: detail, type: 'Microsoft.OData.ODataException', stacktrace: '' };
  return new Refusal(400, message, envelope(message, inner));
}

/** 400 for a body that does not fit the model. */
export function badBody(detail: string): Refusal {
  const inner: Json = { message: detail, type: '', stacktrace: '' };
  return new Refusal(400, detail, envelope('The request is invalid.', inner));
}

/** 500 with the three levels of which only the innermost says what was wrong. */
export function serverError(message: string, type = ''): Refusal {
  const body = envelope('An error has occurred.', {
    message: 'Exception has been thrown by the target of an invocation.',
    type: 'System.Reflection.TargetInvocationException',
    stacktrace: '   at Terrasoft.Core.OData.Sandbox()',
    internalexception: {
      message: 'The operation on the entity did not complete.',
      type: 'System.AggregateException',
      stacktrace: '',
      internalexception: { message, type, stacktrace: '' },
    },
  });
  return new Refusal(500, message, body);
}

/** 500 for what the database refuses; `code` is PostgreSQL's. */
export const databaseError = (code: string, message: string): Refusal =>
  serverError(`${code}: ${message}`, 'Terrasoft.Common.DbOperationException');

/** 500 for a missing right on an object. */
export const securityError = (entity: string): Refusal =>
  serverError(
    `Current user does not have permissions for the "${entity}" object`,
    'System.Security.SecurityException',
  );

/** 404 with an empty body: the record is not there. */
export const noRecord = (): Refusal => new Refusal(404, 'There is no such record.', undefined);

/** An answer with an error body of our choice. */
export const refusal = (status: number, message: string): Refusal =>
  new Refusal(status, message, envelope(message));
