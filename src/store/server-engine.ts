import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool } from 'pg';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import { toServerError, type ServerPlace } from './server-errors.ts';
import { createServerPool, type ServerPool } from './server-pool.ts';
import type { Engine, SqlPool } from './sql.ts';

export interface ServerOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`, the value of `DATABASE_URL`. */
  readonly url: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The schema that unqualified names of the queue's pool resolve in. */
  readonly queueSchema: string;
  /** How long a server that is away is waited for once it has been there. */
  readonly patienceMs?: number;
}

const OLDEST_MAJOR = 14;
const PATIENCE_MS = 60_000;
/** A server that says that it is starting is given this long at the very beginning. */
const STARTING_PATIENCE_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** Of each pool; a process works on few jobs at once. */
const CONNECTIONS = 10;
/** `prefer` and `allow` promise nothing that could be relied on. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

function wrongUrl(problem: string, cure?: string): RollcallError {
  return new RollcallError('CONFIGURATION', `DATABASE_URL ${problem}.`, {
    cure:
      cure ??
      'Write postgres://user:password@host:5432/database; percent-encode what is special in a URL (@ is %40, / is %2F).',
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrongUrl('holds a percent sign that encodes nothing');
  }
}

/**
 * Reads `DATABASE_URL`; `sslmode` means what it means to `psql`.
 *
 * @throws RollcallError `CONFIGURATION`; the message never holds any of the value
 */
function readUrl(text: string): { url: URL; place: ServerPlace } {
  if (!URL.canParse(text)) throw wrongUrl('is not a URL');
  const url = new URL(text);
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) throw wrongUrl('does not begin with postgres://');
  const [user, , database, hostname] = [url.username, url.password, url.pathname.slice(1), url.hostname].map(
    decode,
  );
  if (database === undefined || database === '') throw wrongUrl('names no database');
  const mode = url.searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) {
    throw wrongUrl('has an sslmode that is not supported', `Write one of ${SSL_MODES.join(', ')}.`);
  }
  if (mode === 'verify-ca' && url.searchParams.get('sslrootcert') === null) {
    throw wrongUrl(
      'asks for verify-ca without an authority',
      'Add sslrootcert=/path/ca.pem, or write sslmode=verify-full.',
    );
  }
  if (mode !== null) url.searchParams.set('uselibpqcompat', 'true');
  const host =
    hostname === undefined || hostname === '' ? (url.searchParams.get('host') ?? 'localhost') : hostname;
  return {
    url,
    place: {
      server: `${host}:${url.port === '' ? (url.searchParams.get('port') ?? '5432') : url.port}`,
      database,
      user: user ?? '',
    },
  };
}

/** The same place with session settings; those that the user wrote stay. */
function withSettings(url: URL, settings: string): string {
  const own = new URL(url);
  const given = own.searchParams.get('options');
  own.searchParams.set('options', given === null ? settings : `${given} ${settings}`);
  return own.href;
}

/** @throws RollcallError `CONFIGURATION` when the product cannot work on this server */
async function checkServer(pool: SqlPool, place: ServerPlace): Promise<void> {
  const { rows } = await pool.query<Record<'version' | 'read_only' | 'encoding', unknown>>(
    `SELECT current_setting('server_version_num') AS version,
            current_setting('transaction_read_only') AS read_only,
            current_setting('server_encoding') AS encoding`,
  );
  const [facts] = rows;
  const major = Math.floor(Number(facts?.version) / 10_000);
  if (!(major >= OLDEST_MAJOR)) {
    throw new RollcallError(
      'CONFIGURATION',
      `Postgres at ${place.server} is version ${major}; Rollcall needs ${OLDEST_MAJOR} or newer.`,
      { cure: 'Upgrade the server, or name another one in DATABASE_URL.', details: { major } },
    );
  }
  // A replica says so too: there, every transaction is read-only.
  if (facts?.read_only !== 'off') {
    const error = toServerError({ code: '25006' }, place);
    if (error !== null) throw error;
  }
  if (facts?.encoding !== 'UTF8') {
    throw new RollcallError(
      'CONFIGURATION',
      `The database ${place.database} keeps text as ${String(facts?.encoding)}; names of people need UTF8.`,
      { cure: `Create it anew: CREATE DATABASE "${place.database}" ENCODING 'UTF8' TEMPLATE template0;` },
    );
  }
}

/**
 * Opens the database on a server, which other processes may share.
 *
 * @throws RollcallError `CONFIGURATION`, `AUTHENTICATION`, `FORBIDDEN` or `UNAVAILABLE`, with the cure
 */
export async function openServerEngine(options: ServerOptions): Promise<Engine> {
  const { logger, clock, queueSchema } = options;
  const { url, place } = readUrl(options.url);
  const context = new AsyncLocalStorage<{ open: boolean }>();
  let patienceMs = 0;
  const open = (settings: string): ServerPool => {
    const pool = new Pool({
      connectionString: withSettings(url, settings),
      application_name: 'rollcall',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      max: CONNECTIONS,
    });
    return createServerPool({ pool, place, clock, logger, context, patienceMs: () => patienceMs });
  };
  // Whatever of ours is not qualified shall fail here, not go astray.
  const pool = open('-c search_path=pg_catalog');
  const queuePool = open(`-c search_path=${queueSchema}`);
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      await Promise.all([pool.end(), queuePool.end()]);
    })());
  try {
    const until = clock.now() + STARTING_PATIENCE_MS;
    for (;;) {
      try {
        await checkServer(pool, place);
        break;
      } catch (error) {
        const starting = error instanceof RollcallError && error.details['code'] === '57P03';
        if (!starting || clock.now() >= until) throw error;
        await clock.sleep(500);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  patienceMs = options.patienceMs ?? PATIENCE_MS;
  return {
    kind: 'server',
    pool,
    queuePool,
    async insideTransaction(body) {
      const mark = { open: true };
      try {
        return await context.run(mark, body);
      } finally {
        mark.open = false;
      }
    },
    patiently: (work) => pool.patiently(work),
    close,
  };
}
