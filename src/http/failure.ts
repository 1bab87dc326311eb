import { RollcallError, type ErrorCode } from '../app/ports/errors.ts';
import type { Proxy } from './proxy.ts';
import type { NetworkFailure, Outcome, RetryDecision } from './retry.ts';
import { scrub } from './secrets.ts';
import type { VendorError } from './types.ts';

/** What is known about a call that failed for good. */
export interface Failure {
  /** The product's name, as in the configuration. */
  system: string;
  /** Host and port, never with credentials. */
  host: string;
  route: string;
  outcome: Outcome;
  decision: RetryDecision;
  /** Requests that were sent for this call. */
  attempts: number;
  vendor?: VendorError | undefined;
  /** Where a redirect points, without its query. */
  location?: string | undefined;
  html: boolean;
  /** The network's own code: `ECONNRESET`. */
  networkCode?: string | undefined;
  /** What the call went through. */
  proxy?: Proxy | undefined;
  /** What must not appear in the message. */
  secrets: ReadonlySet<string>;
}

/** The error of the family that a failed call ends in: design §8. */
export function toError(failure: Failure): RollcallError {
  const { system, route, outcome, decision, vendor, secrets } = failure;
  const code = codeOf(failure);
  const clean = (text: string): string => scrub(text, secrets);
  const said = vendor === undefined ? '' : clean(vendor.message);
  const stem = `${whatHappened(failure)}${vendor === undefined ? '' : `: ${said}`}`;
  const message =
    code === 'UNKNOWN_OUTCOME' ? `${stem}; whether ${route} was carried out is not known` : stem;
  const cure = vendor?.cure === undefined ? cureFor(code, failure) : clean(vendor.cure);
  return new RollcallError(code, `${message}.`.replace(/\.+$/, '.'), {
    ...(cure === undefined ? {} : { cure }),
    retryable: retryable(code, failure),
    // Without the full stop that the message may end with anyway.
    ...(said === '' ? {} : { quoted: [said.replace(/\.+$/, '')] }),
    details: {
      system,
      route,
      status: outcome.kind === 'answer' ? outcome.status : null,
      attempts: failure.attempts,
      reason: decision.reason,
      ...(decision.stopped === undefined ? {} : { stopped: decision.stopped }),
      ...(failure.networkCode === undefined ? {} : { network: failure.networkCode }),
      ...(vendor?.id === undefined ? {} : { vendorId: clean(vendor.id) }),
    },
  });
}

function codeOf({ outcome, decision, vendor, html }: Failure): ErrorCode {
  if (decision.unsettled) return 'UNKNOWN_OUTCOME';
  if (outcome.kind === 'expired') return 'AUTHENTICATION';
  if (outcome.kind === 'network') {
    if (outcome.failure === 'proxy-refused') return 'CONFIGURATION';
    return outcome.failure === 'too-large' ? 'CONTRACT' : 'UNAVAILABLE';
  }
  if (outcome.unreadable === true) return html ? 'UNAVAILABLE' : 'CONTRACT';
  return vendor?.code ?? codeOfStatus(outcome.status);
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'AUTHENTICATION',
  402: 'QUOTA',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'CONTRACT',
  406: 'CONTRACT',
  407: 'AUTHENTICATION',
  408: 'UNAVAILABLE',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  412: 'CONFLICT',
  415: 'CONTRACT',
  420: 'RATE_LIMITED',
  423: 'CONFLICT',
  429: 'RATE_LIMITED',
};

function codeOfStatus(status: number): ErrorCode {
  const known = CODES[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'UNAVAILABLE';
  return status >= 400 ? 'VALIDATION' : 'CONTRACT';
}

function retryable(code: ErrorCode, { outcome }: Failure): boolean {
  if (outcome.kind === 'network') return code === 'UNAVAILABLE' && outcome.failure !== 'untrusted';
  if (outcome.kind === 'answer' && outcome.status === 501) return false;
  return code === 'RATE_LIMITED' || code === 'UNAVAILABLE';
}

const NETWORK_SENTENCES: Readonly<Record<NetworkFailure, string>> = {
  'not-sent': 'could not be reached',
  broken: 'broke the connection',
  'timed-out': 'did not answer in time',
  'cut-off': 'sent half an answer and broke the connection',
  untrusted: 'could not be reached securely',
  'proxy-refused': 'could not be reached',
  'too-large': 'sent an answer that exceeds the size limit',
};

function whatHappened(failure: Failure): string {
  const { system, host, route, outcome, html, location, networkCode, proxy } = failure;
  if (outcome.kind === 'expired') return `${system} refused the session again right after a fresh sign-in`;
  if (outcome.kind === 'network') {
    const through = proxy === undefined ? '' : ` through the proxy ${proxy.name}`;
    return `${system} at ${host} ${NETWORK_SENTENCES[outcome.failure]}${through} (${route}, ${networkCode ?? 'no code'})`;
  }
  const { status } = outcome;
  if (html) return `${system} answered ${status} to ${route} with a web page instead of data`;
  if (outcome.unreadable === true)
    return `${system} answered ${status} to ${route} with a body that is not JSON`;
  if (location !== undefined) return `${system} answered ${status} to ${route}, a redirect to ${location}`;
  return `${system} answered ${status} to ${route}`;
}

function cureFor(code: ErrorCode, failure: Failure): string | undefined {
  const { outcome, system, host, html, networkCode, proxy } = failure;
  const status = outcome.kind === 'answer' ? outcome.status : undefined;
  if (proxy !== undefined && (networkCode === 'PROXY_407' || status === 407)) {
    return `Put the user and the password for the proxy into ${proxy.source}: http://user:password@${proxy.name}.`;
  }
  if (proxy !== undefined && outcome.kind === 'network' && outcome.failure === 'proxy-refused') {
    return `Have the proxy ${proxy.name} let this machine connect to ${host}, or name the host in NO_PROXY.`;
  }
  if (proxy !== undefined && outcome.kind === 'network' && outcome.failure === 'not-sent') {
    return `Check the address of the proxy in ${proxy.source} and that of ${system} in the configuration; a host that needs no proxy goes into NO_PROXY.`;
  }
  if (outcome.kind === 'network' && outcome.failure === 'not-sent') {
    return `Check the address of ${system} in the configuration, and that ${host} can be reached from this machine.`;
  }
  if (outcome.kind === 'network' && outcome.failure === 'untrusted') {
    return cureForTrust(failure);
  }
  if (html && code === 'UNAVAILABLE' && outcome.kind === 'answer' && outcome.unreadable === true) {
    return `Check that the address in the configuration is that of the interface of ${system}, not of its web pages; if it is, try again later.`;
  }
  return CURES(system)[code];
}

/** What to do about a certificate, by what is wrong with it. */
function cureForTrust({ system, host, networkCode = '' }: Failure): string {
  if (networkCode === 'ERR_TLS_CERT_ALTNAME_INVALID' || networkCode === 'HOSTNAME_MISMATCH') {
    return `The certificate is for another name than ${host}: write the name that it is for into the configuration, or have it renewed.`;
  }
  if (networkCode === 'CERT_HAS_EXPIRED') {
    return `The certificate of ${host} has expired: have it renewed, and check the clock of this machine.`;
  }
  if (networkCode === 'EPROTO' || networkCode.startsWith('ERR_SSL_')) {
    return `Check the address of ${system} in the configuration: at ${host} nothing speaks TLS that this machine understands.`;
  }
  return (
    `Nobody whom this machine trusts vouches for the certificate of ${host}: put the certificate of its authority (or its own, if it is self-signed) ` +
    `into a PEM file and name that in tls.ca of the connection "${system}", or in NODE_EXTRA_CA_CERTS.`
  );
}

const CURES = (system: string): Partial<Record<ErrorCode, string>> => ({
  AUTHENTICATION: `Check the user, password or token of ${system} in the configuration.`,
  FORBIDDEN: `Give the integration account the missing right in ${system}.`,
  NOT_FOUND: 'Check that the object still exists and that the address in the configuration is right.',
  CONFLICT: 'Read the object again and decide which value is to stand.',
  VALIDATION: 'Correct the value that is named, then run again.',
  QUOTA: `Ask the administrator of ${system} for more licences or calls.`,
  RATE_LIMITED: `Try again later, or give the integration account of ${system} a higher limit.`,
  UNAVAILABLE: `Try again later; if it stays so, ask the administrator of ${system}.`,
  UNKNOWN_OUTCOME: 'Run again: what was carried out is read first and not done twice.',
  CONTRACT: `Check that the address in the configuration is that of ${system} and that its version is supported.`,
});
