import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../app/ports/clock.ts';
import { RollcallError } from '../app/ports/errors.ts';
import type { Logger } from '../app/ports/logger.ts';
import { toRedisError } from './redis-errors.ts';
import { readRedisUrl, type RedisPlace } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

const OLDEST = [6, 2] as const;
const CONNECT_TIMEOUT_MS = 10_000;
/** A cluster whose nodes tell no addresses leaves the client asking for ever. */
const CHECK_MS = 20_000;
/** With pauses of up to two seconds, a command waits about a minute for a Redis that is away. */
const PATIENT_RETRIES = 35;

/** How a client behaves when Redis is away. */
type Patience =
  /** One attempt: to find out what is wrong. */
  | 'none'
  /** About a minute, then the command fails. */
  | 'some'
  /** For ever: workers, as the queue library demands. */
  | 'endless';

function pause(times: number): number {
  return Math.min(times * 100, 2000);
}

export function createRedisClient(place: RedisPlace, patience: Patience): RedisClient {
  const again = patience === 'none' ? () => null : pause;
  const options: RedisOptions = {
    ...(place.username === null ? {} : { username: place.username }),
    ...(place.password === null ? {} : { password: place.password }),
    db: place.db,
    connectionName: 'rollcall',
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    // A socket that never came up is not waited for, and what INFO answers is read by ourselves.
    ...(patience === 'none' ? { disconnectTimeout: 200, enableReadyCheck: false } : {}),
    lazyConnect: true,
    maxRetriesPerRequest: patience === 'endless' ? null : patience === 'some' ? PATIENT_RETRIES : 0,
    retryStrategy: again,
    // After a failover the old master still answers, but takes no writes.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
  const [first] = place.hosts;
  switch (place.kind) {
    case 'single':
      return new Redis({ ...options, ...first, ...(place.tls ? { tls: {} } : {}) });
    case 'sentinel':
      return new Redis({
        ...options,
        sentinels: [...place.hosts],
        name: place.master,
        ...(place.sentinelPassword === null ? {} : { sentinelPassword: place.sentinelPassword }),
        ...(place.tls ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
        sentinelRetryStrategy: again,
      });
    case 'cluster': {
      const { db: _only, lazyConnect, retryStrategy: _nodes, ...node } = options;
      return new Cluster([...place.hosts], {
        lazyConnect: lazyConnect === true,
        clusterRetryStrategy: again,
        // A certificate names hosts, so addresses that nodes give of each other are taken as they are.
        dnsLookup: (address, callback) => callback(null, address),
        redisOptions: { ...node, ...(place.tls ? { tls: {} } : {}) },
      });
    }
  }
}

/** Value of a line `name:value` of what `INFO` answers. */
function infoOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(text)?.[1]?.trim();
}

/** `INFO` tells it on most servers, `CONFIG` on others, and a hosted one may keep both to itself. */
async function policyOf(node: Redis, info: string): Promise<string | undefined> {
  const told = infoOf(info, 'maxmemory_policy');
  if (told !== undefined) return told;
  const answer: unknown = await node.config('GET', 'maxmemory-policy').catch(() => []);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
}

async function checkNode(node: Redis, place: RedisPlace, logger: Logger): Promise<void> {
  const info = await node.info();
  const version = infoOf(info, 'redis_version');
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version !== undefined && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))) {
    throw new RollcallError(
      'CONFIGURATION',
      `Redis at ${place.shown} is version ${version}; Rollcall needs ${OLDEST.join('.')} or newer.`,
      { cure: 'Upgrade it, or name another one in REDIS_URL.', details: { version } },
    );
  }
  const policy = await policyOf(node, info);
  if (policy === undefined) {
    logger.warn('Redis does not say what it does when its memory is full; it must not throw jobs away.', {
      server: place.shown,
    });
  } else if (policy !== 'noeviction') {
    throw new RollcallError(
      'CONFIGURATION',
      `Redis at ${place.shown} throws data away when its memory is full (maxmemory-policy ${policy}); jobs would be lost.`,
      {
        cure: 'Set it: redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf.',
        details: { policy },
      },
    );
  }
  if (infoOf(info, 'role') === 'slave' && place.kind === 'single') {
    throw new RollcallError('CONFIGURATION', `Redis at ${place.shown} is a replica and takes no writes.`, {
      cure: 'Name the master in REDIS_URL, or let sentinels find it: redis+sentinel://host1,host2/master.',
    });
  }
}

/** Asks Redis once whether the queue can live there; every refusal comes with its cure. */
async function checkRedis(place: RedisPlace, logger: Logger, clock: Clock): Promise<void> {
  const client = createRedisClient(place, 'none');
  // The client only says that it is closed; why, it tells its listeners.
  let last: unknown;
  client.on('error', (error: unknown) => {
    last ??= error;
  });
  const check = async (): Promise<void> => {
    await client.connect();
    // The client goes on in database 0 where the one that was asked for is refused.
    if (place.db > 0) await client.select(place.db);
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    for (const node of nodes) await checkNode(node, place, logger);
  };
  const done = new AbortController();
  const timeout = async (): Promise<never> => {
    await clock.sleep(CHECK_MS, done.signal);
    throw new RollcallError('UNAVAILABLE', `Redis at ${place.shown} does not answer as it should.`, {
      cure: 'Check that it is whole: `redis-cli PING`, and for a cluster CLUSTER INFO and cluster-announce-ip.',
    });
  };
  try {
    await Promise.race([check(), timeout()]);
  } catch (error) {
    throw toRedisError(error, place, last) ?? error;
  } finally {
    done.abort();
    client.disconnect();
  }
}

/** A Redis that can keep the queue, and the clients that were opened on it. */
export interface OpenRedis {
  /** Answers within about a minute, or fails. */
  readonly producer: RedisClient;
  /** For workers: waits for Redis as long as it takes. */
  readonly worker: () => RedisClient;
  readonly place: RedisPlace;
  close(): Promise<void>;
}

/**
 * Opens the Redis that `REDIS_URL` names.
 *
 * @throws RollcallError `CONFIGURATION` (address, version, eviction), `AUTHENTICATION`, `FORBIDDEN`, `UNAVAILABLE`
 */
export async function openRedis(url: string, logger: Logger, clock: Clock): Promise<OpenRedis> {
  const place = readRedisUrl(url);
  await checkRedis(place, logger, clock);
  const clients: RedisClient[] = [];
  const open = (patience: Patience): RedisClient => {
    const client = createRedisClient(place, patience);
    let away = false;
    client.on('error', (error: unknown) => {
      logger.debug('A connection to Redis failed.', { error: toRedisError(error, place) ?? error });
    });
    client.on('reconnecting', () => {
      if (!away) logger.warn('Redis is away; waiting for it.', { server: place.shown });
      away = true;
    });
    client.on('ready', () => {
      away = false;
    });
    clients.push(client);
    return client;
  };
  return {
    producer: open('some'),
    worker: () => open('endless'),
    place,
    async close() {
      for (const client of clients.splice(0)) client.disconnect();
    },
  };
}
