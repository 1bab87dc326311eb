import { RollcallError } from '../app/ports/errors.ts';

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, as `REDIS_URL` says. */
export interface RedisPlace {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** One for `single`; the sentinels, or some nodes of the cluster. */
  readonly hosts: readonly [RedisHost, ...RedisHost[]];
  readonly tls: boolean;
  readonly username: string | null;
  readonly password: string | null;
  readonly sentinelPassword: string | null;
  /** The name that the sentinels know the master by. */
  readonly master: string;
  readonly db: number;
  /** In words that may be shown: never a password. */
  readonly shown: string;
}

const FORM =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/u;
const HOST = /^(?<host>\[[0-9a-fA-F:.%]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/u;
const DEFAULT_PORTS = { single: 6379, sentinel: 26_379, cluster: 6379 };

function wrong(problem: string, cure?: string): RollcallError {
  return new RollcallError('CONFIGURATION', `REDIS_URL ${problem}.`, {
    cure:
      cure ??
      'Write redis://:password@host:6379/0 (rediss:// with TLS), redis+sentinel://host1,host2/master or ' +
        'redis+cluster://host1,host2; percent-encode what is special in a URL (@ is %40, / is %2F).',
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('holds a percent sign that encodes nothing');
  }
}

function readDb(text: string): number {
  if (text === '') return 0;
  if (!/^\d{1,4}$/u.test(text)) throw wrong('names a database that is not a number');
  return Number(text);
}

/**
 * `redis://` and `rediss://` (TLS), each also with `+sentinel` and `+cluster`:
 * `redis[s]://[[user]:password@]host[:port][/db]`,
 * `redis[s]+sentinel://[[user]:password@]host[:port],…/master[/db][?sentinelPassword=…]`,
 * `redis[s]+cluster://[[user]:password@]host[:port],…`.
 *
 * @throws RollcallError `CONFIGURATION`; the message never holds any of the value
 */
export function readRedisUrl(text: string): RedisPlace {
  const parts = FORM.exec(text.trim())?.groups;
  if (parts === undefined) throw wrong('is not a URL of Redis');
  const kind = parts['kind'] === 'sentinel' || parts['kind'] === 'cluster' ? parts['kind'] : 'single';
  const [first, ...others] = (parts['hosts'] ?? '').split(',').map((one): RedisHost => {
    const host = HOST.exec(one)?.groups;
    const port = Number(host?.['port'] ?? DEFAULT_PORTS[kind]);
    if (host?.['host'] === undefined || port < 1 || port > 65_535)
      throw wrong('names a host that cannot be read');
    return { host: host['host'].replaceAll(/^\[|\]$/gu, ''), port };
  });
  if (first === undefined) throw wrong('names no host');
  if (kind === 'single' && others.length > 0) {
    throw wrong(
      'names several hosts',
      'Write redis+sentinel:// or redis+cluster:// where there are several.',
    );
  }
  const [user = '', ...secret] = (parts['user'] ?? '').split(':');
  const path = (parts['path'] ?? '').split('/').map(decode);
  const [master = ''] = path;
  if (kind === 'sentinel' && master === '') {
    throw wrong('does not name the master', 'Write redis+sentinel://host1,host2/master-name.');
  }
  if (kind === 'cluster' && master !== '' && master !== '0') {
    throw wrong('names a database, but a cluster has only one', 'Leave out what follows the hosts.');
  }
  const known = new URLSearchParams(parts['query'] ?? '');
  const unknown = [...known.keys()].find((name) => name !== 'sentinelPassword');
  if (unknown !== undefined) throw wrong('has a parameter that is not known', 'Only ?sentinelPassword= is.');
  const hosts = [first, ...others] as const;
  return {
    kind,
    hosts,
    tls: parts['tls'] === 's',
    username: user === '' ? null : decode(user),
    password: secret.length === 0 ? null : decode(secret.join(':')),
    sentinelPassword: known.get('sentinelPassword'),
    master: kind === 'sentinel' ? master : '',
    db: kind === 'cluster' ? 0 : readDb(kind === 'sentinel' ? (path[1] ?? '') : master),
    shown: hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', '),
  };
}
