import { RollcallError } from '../app/ports/errors.ts';
import type { RedisPlace } from './redis-url.ts';

const TLS = /certificate|wrong version number|SSL routines|ERR_TLS|ERR_SSL/iu;
const AWAY =
  /Connection is closed|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|max retries per request|All sentinels are unreachable|Failed to refresh slots cache|None of startup nodes|Connection is closed|LOADING|CLUSTERDOWN|MASTERDOWN|Command timed out|Stream isn't writeable/iu;

/** Everything that an error and those inside it say. */
function wordsOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return '';
  const member = (name: string): unknown => Reflect.get(error, name);
  const own = ['name', 'code', 'message'].map(member).filter((word) => typeof word === 'string');
  const errors: unknown = member('errors');
  const inner = [member('cause'), member('lastNodeError'), ...(Array.isArray(errors) ? errors : [])];
  return [...own, ...inner.map((one) => wordsOf(one, depth + 1))].join(' ');
}

/**
 * What went wrong between us and Redis, said with its cure and without any part of the URL but its hosts; null when it
 * is none of that. `told` is what the client told its listeners before.
 */
export function toRedisError(error: unknown, place: RedisPlace, told?: unknown): RollcallError | null {
  if (error instanceof RollcallError) return error;
  const words = `${wordsOf(error)} ${wordsOf(told)}`;
  const { shown } = place;
  // The message of the library may quote the command, and with it the password.
  const details = { server: shown };
  if (
    /WRONGPASS|NOAUTH|invalid password|invalid username-password|AUTH.*(called )?without any password/iu.test(
      words,
    )
  ) {
    return new RollcallError('AUTHENTICATION', `Redis at ${shown} refuses the user or password.`, {
      cure: 'Correct user and password in REDIS_URL: redis://user:password@host, or redis://:password@host without a user.',
      details,
    });
  }
  if (/NOPERM/u.test(words)) {
    return new RollcallError('FORBIDDEN', `The user of Redis at ${shown} may not do what the queue needs.`, {
      cure: 'Give it all commands on the keys of the queue: ACL SETUSER name ~rollcall:* ~{rollcall}:* &* +@all.',
      details,
    });
  }
  if (/READONLY/u.test(words)) {
    return new RollcallError('CONFIGURATION', `Redis at ${shown} is a replica and takes no writes.`, {
      cure: 'Name the master in REDIS_URL, or let sentinels find it: redis+sentinel://host1,host2/master.',
      details,
    });
  }
  if (/cluster support disabled/iu.test(words)) {
    return new RollcallError('CONFIGURATION', `Redis at ${shown} is not a cluster.`, {
      cure: 'Write redis:// instead of redis+cluster://.',
      details,
    });
  }
  if (/\bMOVED \d+/u.test(words)) {
    return new RollcallError('CONFIGURATION', `Redis at ${shown} is a cluster.`, {
      cure: 'Write redis+cluster:// instead of redis://.',
      details,
    });
  }
  if (/DB index is out of range/iu.test(words)) {
    return new RollcallError('CONFIGURATION', `Redis at ${shown} has no database of that number.`, {
      cure: 'Correct the number at the end of REDIS_URL.',
      details,
    });
  }
  if (TLS.test(words)) {
    return new RollcallError(
      'CONFIGURATION',
      `TLS with Redis at ${shown} fails: its certificate is not trusted, or it speaks none.`,
      {
        cure: 'Name the file of its certificate authority in NODE_EXTRA_CA_CERTS; write redis:// if it speaks no TLS.',
        details,
      },
    );
  }
  if (/unreachable.*Sentinel|Sentinel.*unreachable/iu.test(words)) {
    return new RollcallError('UNAVAILABLE', `No sentinel at ${shown} knows a master ${place.master}.`, {
      cure: 'Start them, and check their addresses and the name of the master in REDIS_URL.',
      details,
    });
  }
  if (AWAY.test(words)) {
    return new RollcallError('UNAVAILABLE', `Redis at ${shown} cannot be reached.`, {
      cure: 'Start it, and check host and port in REDIS_URL (rediss:// for TLS) and the firewall between.',
      details,
    });
  }
  return null;
}
