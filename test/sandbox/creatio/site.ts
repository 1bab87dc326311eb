import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { afterEach } from '@jest/globals';
import { z } from 'zod';
import { createCreatioSandbox, type CreatioSandbox } from '../../../src/sandbox/creatio/index.ts';
import { createSandboxClock } from '../../../src/sandbox/kit/clock.ts';
import { createRandom } from '../../../src/sandbox/kit/random.ts';
import type { Json, Row, SandboxClock, Tables } from '../../../src/sandbox/types.ts';

export const LOGIN = 'Rollcall';
export const PASSWORD = 'correct horse';
export const EMPLOYEE = '60733efc-f36b-1410-a883-16d83cab0980';
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';
/** A readable id: `guid(7)` ends in 7. */
export const guid = (n: number): string => `11111111-2222-4333-8444-${String(n).padStart(12, '0')}`;
/** The contact of the account that signs in. */
export const CALLER = guid(900);

/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; a body that is none is an error. */
  json: () => Json;
  /** The member at the path, such as `error.innererror.message` or `value.0.Id`. */
  at: (path: string) => Json | undefined;
  /** The rows of a collection. */
  rows: () => Row[];
}

export interface Sending {
  headers?: Record<string, string>;
  body?: Json | undefined;
}

/** Sends one request without following redirects. */
export function send(method: string, url: string, { headers = {}, body }: Sending = {}): Promise<Answer> {
  const payload = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers: { ...type, ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve(toAnswer(response.statusCode ?? 0, response.headers, text));
      });
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

function toAnswer(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const json = (): Json => toJson(JSON.parse(text));
  const at = (path: string): Json | undefined =>
    path.split(/(?<!@odata)\./).reduce<Json | undefined>((value, key) => {
      if (Array.isArray(value)) return value[Number(key)];
      return typeof value === 'object' && value !== null ? value[key] : undefined;
    }, json());
  return { status, headers, text, json, at, rows: () => rowsSchema.parse(at('value')) };
}

const jsonSchema: z.ZodType<Json> = z.json();
const rowsSchema = z.array(z.record(z.string(), jsonSchema));
const toJson = (value: unknown): Json => jsonSchema.parse(value);

/** A value that must be a text. */
export function asText(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`Not a text: ${JSON.stringify(value)}`);
  return value;
}

/** The message of the innermost exception of a 500. */
export function deepest(answer: Answer): string {
  let path = 'error.innererror';
  while (answer.at(`${path}.internalexception`) !== undefined) path += '.internalexception';
  return asText(answer.at(`${path}.message`));
}

/** Somebody who is signed in: keeps cookies by name and sends the headers that a good client sends. */
export interface Caller {
  cookies: Map<string, string>;
  /** Below the OData root; spaces and quotes of the query are encoded. */
  odata: (method: string, address: string, sending?: Sending) => Promise<Answer>;
  get: (address: string) => Promise<Answer>;
  /** Below the site root. */
  send: (method: string, path: string, sending?: Sending) => Promise<Answer>;
  batch: (requests: Json[], headers?: Record<string, string>) => Promise<Answer>;
}

export interface Site {
  sandbox: CreatioSandbox;
  clock: SandboxClock;
  url: string;
  login: (login?: string, password?: string) => Promise<Answer>;
  signIn: (root?: string) => Promise<Caller>;
}

export interface SiteOptions {
  data?: Tables;
  switches?: Record<string, Json>;
  clock?: SandboxClock;
}

/** Starts a sandbox on a free port with one account. */
async function startSite(options: SiteOptions = {}): Promise<Site> {
  const clock = options.clock ?? createSandboxClock();
  const sandbox = createCreatioSandbox({
    clock,
    random: createRandom(7).next,
    data: options.data ?? {},
    accounts: [{ login: LOGIN, password: PASSWORD, contactId: CALLER }],
  });
  sandbox.setSwitches(options.switches ?? {});
  const { url } = await sandbox.listen();

  const login = (name = LOGIN, password = PASSWORD): Promise<Answer> =>
    send('POST', `${url}/ServiceModel/AuthService.svc/Login`, {
      body: { UserName: name, UserPassword: password },
    });

  return {
    sandbox,
    clock,
    url,
    login,
    signIn: async (root = '/0/odata') => {
      const cookies = new Map<string, string>();
      keepCookies(cookies, await login());
      const sendIn: Caller['send'] = async (method, path, { headers = {}, body } = {}) => {
        const answer = await send(method, `${url}${path}`, {
          headers: {
            cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            bpmcsrf: cookies.get('BPMCSRF') ?? '',
            forceusesession: 'true',
            ...headers,
          },
          body,
        });
        keepCookies(cookies, answer);
        return answer;
      };
      const odata: Caller['odata'] = (method, address, sending) =>
        sendIn(method, `${root}/${encodeURI(address)}`, sending);
      return {
        cookies,
        send: sendIn,
        odata,
        get: (address) => odata('GET', address),
        batch: (requests, headers = {}) => odata('POST', '$batch', { headers, body: { requests } }),
      };
    },
  };
}

function keepCookies(cookies: Map<string, string>, answer: Answer): void {
  for (const line of answer.headers['set-cookie'] ?? []) {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    cookies.set(name, value);
  }
}

/** Starts sites for the tests of one file and closes them after each test. */
export function useSites(): (options?: SiteOptions) => Promise<Site> {
  const sites: Site[] = [];
  afterEach(async () => {
    await Promise.all(sites.splice(0).map(({ sandbox }) => sandbox.close()));
  });
  return async (options) => {
    const site = await startSite(options);
    sites.push(site);
    return site;
  };
}

/** Orders values by their text. */
export const byText = (a: Json | undefined, b: Json | undefined): number =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
