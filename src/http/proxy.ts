import { BlockList, isIP } from 'node:net';
import { RollcallError } from '../app/ports/errors.ts';

/** Environment variables by name. */
type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that requests go through. */
export interface Proxy {
  /** With user and password, where it wants them: never for people's eyes. */
  readonly url: URL;
  /** Host and port, for messages. */
  readonly name: string;
  /** Where it was configured, for messages: `HTTPS_PROXY`, or the key of a connection. */
  readonly source: string;
}

export interface ProxyChoice {
  /** The product's name, for messages. */
  readonly system: string;
  readonly target: URL;
  /** An address that outranks the environment, or `none`. */
  readonly told?: string | undefined;
  readonly env: Environment;
}

/**
 * The proxy for one host: what the connection says, else what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`
 * say (either case; the lower one wins, as with curl). This machine itself is never asked for through a proxy, unless
 * the connection says so.
 *
 * @throws RollcallError CONFIGURATION for an address that is none
 */
export function chooseProxy({ system, target, told, env }: ProxyChoice): Proxy | undefined {
  if (told === 'none') return undefined;
  if (told !== undefined) return proxyAt(told, `connections.${system}.proxy`);
  const host = bare(target.hostname);
  if (isLoopback(host)) return undefined;
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  if (isExempt(host, port, read(env, 'NO_PROXY')?.value ?? '')) return undefined;
  const scheme = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const found = read(env, scheme) ?? read(env, 'ALL_PROXY');
  return found === undefined ? undefined : proxyAt(found.value, found.name);
}

function read(env: Environment, name: string): { name: string; value: string } | undefined {
  for (const one of [name.toLowerCase(), name]) {
    const value = env[one]?.trim();
    if (value !== undefined && value !== '') return { name: one, value };
  }
  return undefined;
}

function proxyAt(address: string, source: string): Proxy {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '' || !isDecodable(url)) {
    // The address is not quoted: it may hold a password.
    throw new RollcallError('CONFIGURATION', `${source} is not the address of a proxy.`, {
      cure: 'Write http://proxy.example:3128, with user:password@ in front of the host where the proxy wants it.',
    });
  }
  return { url, name: url.host, source };
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
  );
}

/**
 * Entries are separated by commas or blanks: `*`, a host (its subdomains with it), `.domain`, `*.domain`, an address,
 * a block of addresses (`10.0.0.0/8`); each but the block with `:port` if only that port is meant.
 */
function isExempt(host: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInBlock(host, entry);
      const [, name = entry, onlyPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const wanted = bare(name).replace(/^\*?\./, '');
      return host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`));
    });
}

function isInBlock(host: string, entry: string): boolean {
  const [net = '', bits = ''] = entry.split('/');
  const family = isIP(net);
  if (family === 0 || family !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  block.addSubnet(net, Number(bits), kind);
  return block.check(host, kind);
}
