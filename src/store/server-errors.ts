import { RollcallError } from '../app/ports/errors.ts';

/** Where a Postgres server is, in words that may be shown: never a password. */
export interface ServerPlace {
  /** `host:port`. */
  readonly server: string;
  readonly database: string;
  readonly user: string;
}

const TLS_CODES =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH)/;
/** Node's words for a network that does not answer, and Postgres' classes and codes for a server that is going or coming. */
const AWAY_CODES =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EAI_AGAIN|ENOENT|08...|57P0[1-5])$/;
/** What `pg` says without a code. */
const AWAY_TEXTS =
  /^Connection terminated|timeout exceeded when trying to connect|not queryable|Connection ended unexpectedly|timeout expired/i;

function textOf(error: unknown, name: 'code' | 'message' | 'syscall'): string {
  if (typeof error !== 'object' || error === null) return '';
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
}

/**
 * What went wrong between us and a Postgres server, said with its cure; null when it is none of that (a constraint,
 * say), for the caller alone knows what it means.
 */
export function toServerError(error: unknown, place: ServerPlace): RollcallError | null {
  if (error instanceof RollcallError) return error;
  const code = textOf(error, 'code');
  const message = textOf(error, 'message');
  const { server, database, user } = place;
  const details = { server, database, code };
  const make = (
    kind: 'AUTHENTICATION' | 'FORBIDDEN' | 'CONFIGURATION' | 'UNAVAILABLE',
    what: string,
    cure: string,
  ) => new RollcallError(kind, what, { cure, cause: error, details });

  if (textOf(error, 'syscall') === 'open') {
    return make(
      'CONFIGURATION',
      'DATABASE_URL names a certificate file that cannot be read.',
      'Check the paths after sslrootcert, sslcert and sslkey.',
    );
  }
  if (/no encryption|SSL off/i.test(message)) {
    return make(
      'CONFIGURATION',
      `Postgres at ${server} takes connections with TLS only.`,
      'Add ?sslmode=verify-full (or sslmode=require, which trusts any certificate) to DATABASE_URL.',
    );
  }
  if (/does not support SSL/i.test(message)) {
    return make(
      'CONFIGURATION',
      `Postgres at ${server} does not speak TLS.`,
      'Turn TLS on in the server, or write sslmode=disable into DATABASE_URL if the network between is trusted.',
    );
  }
  if (TLS_CODES.test(code) || /certificate/i.test(message)) {
    return make(
      'CONFIGURATION',
      `The certificate of Postgres at ${server} is not trusted${code === '' ? '' : ` (${code})`}.`,
      'Name the file of its certificate authority: sslmode=verify-full&sslrootcert=/path/ca.pem in DATABASE_URL.',
    );
  }
  switch (code) {
    case '28P01':
    case '28000':
      return make(
        'AUTHENTICATION',
        `Postgres at ${server} refuses the user ${user}.`,
        "Correct user and password in DATABASE_URL (percent-encode what is special in a URL), or the server's pg_hba.conf.",
      );
    case '3D000':
      return make(
        'CONFIGURATION',
        `Postgres at ${server} has no database ${database}.`,
        `Create it: CREATE DATABASE "${database}" OWNER "${user}"; or name another one in DATABASE_URL.`,
      );
    case '42501':
      return make(
        'FORBIDDEN',
        `The user ${user} lacks a right in the database ${database} at ${server}: ${message}.`,
        `Let it make its schemas: GRANT CREATE ON DATABASE "${database}" TO "${user}"; and let it own those that are there.`,
      );
    case '25006':
      return make(
        'CONFIGURATION',
        `The database ${database} at ${server} is read-only.`,
        'Name the primary server, not a replica, in DATABASE_URL; or turn default_transaction_read_only off.',
      );
    case '53300':
      return make(
        'UNAVAILABLE',
        `Postgres at ${server} has no connection left.`,
        'Raise its max_connections, or run fewer processes.',
      );
    case '53100':
      return make('UNAVAILABLE', `The disk of Postgres at ${server} is full.`, 'Make room on it.');
    case 'ENOTFOUND':
      return make(
        'UNAVAILABLE',
        `The host of Postgres at ${server} is not known.`,
        'Correct the host in DATABASE_URL.',
      );
    default:
      if (!AWAY_CODES.test(code) && !AWAY_TEXTS.test(message)) return null;
      return make(
        'UNAVAILABLE',
        `Postgres at ${server} cannot be reached.`,
        'Start it, and check host and port in DATABASE_URL and the firewall between.',
      );
  }
}
