import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { chooseProxy, type Proxy } from './proxy.ts';

/** How a host is reached. */
export interface NetworkOptions {
  /** Certificates (PEM) of authorities that are trusted beside the usual ones. */
  readonly ca?: string | undefined;
  /** Address of a proxy, or `none`; without it the environment decides. */
  readonly proxy?: string | undefined;
  /** Holds `HTTPS_PROXY` and its kin, and `NODE_EXTRA_CA_CERTS`. Without it there is no proxy. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Connections to one host, kept open between requests. */
export interface Connection {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** What requests go through, if anything. */
  readonly proxy: Proxy | undefined;
  /** The status with which the proxy refused to connect a request; such a request never reached its host. */
  refusal(request: unknown): number | undefined;
}

const KEPT = { keepAlive: true, maxFreeSockets: 8 } as const;

/**
 * Makes the connections to the host of an address.
 *
 * @throws RollcallError CONFIGURATION for a proxy whose address is none
 */
export function createConnection(system: string, baseUrl: string, options: NetworkOptions = {}): Connection {
  const { ca, env = {} } = options;
  const target = new URL(baseUrl);
  const proxy = chooseProxy({ system, target, told: options.proxy, env });
  const trust = ca === undefined ? {} : { secureContext: trusting(ca, env['NODE_EXTRA_CA_CERTS']) };
  const refusals = new WeakMap<object, number>();
  if (proxy === undefined) {
    return {
      httpAgent: new http.Agent(KEPT),
      httpsAgent: new https.Agent({ ...KEPT, ...trust }),
      proxy,
      refusal: () => undefined,
    };
  }
  const tunnel = new HttpsProxyAgent(proxy.url, { ...KEPT, ...trust });
  const host = target.hostname.replaceAll(/[[\]]/g, '');
  Object.assign(tunnel.options, {
    // The agent keeps these for its way to the proxy; the way to the host behind it needs them as well.
    ...trust,
    // The agent forgets the host where that is an address and no name.
    checkServerIdentity: (_: string, certificate: tls.PeerCertificate) =>
      tls.checkServerIdentity(host, certificate),
  });
  tunnel.on('proxyConnect', (answer: { statusCode: number }, request: object) => {
    if (answer.statusCode !== 200) refusals.set(request, answer.statusCode);
  });
  return {
    httpAgent: new HttpProxyAgent(proxy.url, { ...KEPT, ...trust }),
    httpsAgent: tunnel,
    proxy,
    refusal: (request) =>
      typeof request === 'object' && request !== null ? refusals.get(request) : undefined,
  };
}

/** A list of authorities replaces the usual one, so that has to be in it, with what Node was told to add. */
function trusting(ca: string, extraFile: string | undefined): tls.SecureContext {
  return tls.createSecureContext({ ca: [...tls.rootCertificates, ...readExtra(extraFile), ca] });
}

function readExtra(file: string | undefined): string[] {
  if (file === undefined || file === '') return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    // Node itself warns of a file that it cannot read, and goes on.
    return [];
  }
}
