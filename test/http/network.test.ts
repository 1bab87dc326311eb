import { createServer as createProxyServer, request as relay, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { z } from 'zod';
import type { NetworkOptions } from '../../src/http/connection.ts';
import { selfSigned, type SelfSigned } from './certificate.ts';
import { answerJson, createDoorKit, rejection, startServer } from './support.ts';

const HOST = 'crm.rollcall.test';
const PASSWORD = 'canary-of-the-proxy';

let own: SelfSigned;
let foreign: SelfSigned;
beforeAll(() => {
  own = selfSigned(HOST);
  foreign = selfSigned('elsewhere.test');
  // Its stand-in for node:http knows no tunnels; names that end in .test lead nowhere anyway.
  nock.restore();
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(server: Server | ReturnType<typeof createSecureServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** A server whose certificate nobody vouches for. */
async function startSecure(certificate = own): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createSecureServer(certificate, (_, response) =>
    answerJson(response, 200, { secure: true }),
  );
  server.on('secureConnection', () => {
    connections += 1;
  });
  return { port: await listen(server), connections: () => connections };
}

/** A proxy that leads every name to this machine; `seen` holds `METHOD target authorization`. */
async function startProxy(
  answer: { status?: number; authorization?: string } = {},
): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const wanted = answer.authorization;
  const status = (given: string | undefined): number =>
    wanted !== undefined && given !== wanted ? 407 : (answer.status ?? 200);
  const server = createProxyServer((request, response) => {
    const given = request.headers['proxy-authorization'];
    seen.push(`${request.method} ${request.url}`);
    if (status(given) !== 200) {
      response.writeHead(status(given)).end();
      return;
    }
    const { port, pathname } = new URL(request.url ?? '');
    relay({ host: '127.0.0.1', port, path: pathname, method: request.method ?? 'GET' }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    }).end();
  });
  server.on('connect', (request, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`);
    const code = status(request.headers['proxy-authorization']);
    if (code !== 200) {
      socket.end(`HTTP/1.1 ${code} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const)
      one.on('error', () => undefined).on('close', () => other.destroy());
  });
  return { port: await listen(server), seen };
}

const ask = (kit: ReturnType<typeof createDoorKit>, method: 'GET' | 'POST' = 'GET') =>
  kit.door.send({ method, path: '/x', route: `${method} /x`, schema: z.unknown() });
const doorTo = (baseUrl: string, network: NetworkOptions) => createDoorKit({ baseUrl, network });

describe('A certificate that nobody vouches for', () => {
  test('is refused at once, with a cure that names tls.ca', async () => {
    const { port } = await startSecure();
    const error = await rejection(ask(doorTo(`https://127.0.0.1:${port}`, {}), 'POST'));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      retryable: false,
      cure: expect.stringContaining('tls.ca of the connection "acme"'),
      details: { network: 'DEPTH_ZERO_SELF_SIGNED_CERT', attempts: 1 },
    });
  });

  test('is taken when its own or its authority is named, and by no other', async () => {
    const { port } = await startSecure();
    const url = `https://127.0.0.1:${port}`;
    expect((await ask(doorTo(url, { ca: own.cert }))).body).toEqual({ secure: true });
    await expect(ask(doorTo(url, { ca: foreign.cert }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await ask(doorTo(url, { ca: `${foreign.cert}\n${own.cert}` }))).status).toBe(200);
  });

  test('is taken from NODE_EXTRA_CA_CERTS too when other authorities are named', async () => {
    const { port } = await startSecure();
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-ca-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const file = join(folder, 'extra.pem');
    writeFileSync(file, own.cert);
    const kit = doorTo(`https://127.0.0.1:${port}`, { ca: foreign.cert, env: { NODE_EXTRA_CA_CERTS: file } });
    expect((await ask(kit)).status).toBe(200);
  });

  test('is told from one for another name, and from a host that speaks no TLS', async () => {
    const { port } = await startSecure(foreign);
    const wrongName = doorTo(`https://localhost:${port}`, { ca: foreign.cert });
    await expect(ask(wrongName)).rejects.toMatchObject({
      cure: expect.stringContaining('another name than localhost'),
    });
    const plain = await startServer((_, response) => answerJson(response, 200, {}));
    closing.push(() => plain.close());
    await expect(ask(doorTo(plain.url.replace('http:', 'https:'), {}))).rejects.toMatchObject({
      retryable: false,
      cure: expect.stringContaining('nothing speaks TLS'),
    });
  });
});

describe('A proxy', () => {
  test('is a tunnel to a secure host, whose certificate is still checked, and stays open', async () => {
    const secure = await startSecure();
    const proxy = await startProxy();
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const url = `https://${HOST}:${secure.port}`;
    const kit = doorTo(url, { env, ca: own.cert });
    for (let n = 0; n < 3; n += 1) expect((await ask(kit)).body).toEqual({ secure: true });
    expect(proxy.seen).toEqual([`CONNECT ${HOST}:${secure.port}`]);
    expect(secure.connections()).toBe(1);
    await expect(ask(doorTo(url, { env }))).rejects.toMatchObject({
      details: { network: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    const impostor = await startSecure(foreign);
    const misled = doorTo(`https://${HOST}:${impostor.port}`, { env, ca: foreign.cert });
    await expect(ask(misled)).rejects.toMatchObject({
      details: { network: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  test('is asked for the whole address of a plain host', async () => {
    const plain = await startServer((_, response) => answerJson(response, 200, { plain: true }));
    closing.push(() => plain.close());
    const proxy = await startProxy();
    const port = new URL(plain.url).port;
    const kit = doorTo(`http://${HOST}:${port}`, {
      env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
    });
    expect((await ask(kit)).body).toEqual({ plain: true });
    expect(proxy.seen).toEqual([`GET http://${HOST}:${port}/x`]);
  });

  test('is left out for this machine, for NO_PROXY and where the connection says none', async () => {
    const { port } = await startSecure();
    const proxy = await startProxy();
    const address = `http://127.0.0.1:${proxy.port}`;
    const near = doorTo(`https://127.0.0.1:${port}`, { ca: own.cert, env: { HTTPS_PROXY: address } });
    expect((await ask(near)).status).toBe(200);
    expect(proxy.seen).toEqual([]);
    const told = doorTo(`https://127.0.0.1:${port}`, { ca: own.cert, proxy: address });
    expect((await ask(told)).status).toBe(200);
    expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${port}`]);
  });

  test('gets its user and password, and nobody else sees them', async () => {
    const secure = await startSecure();
    const login = Buffer.from(`us er:${PASSWORD}`).toString('base64');
    const proxy = await startProxy({ authorization: `Basic ${login}` });
    const through = (secret: string) =>
      doorTo(`https://${HOST}:${secure.port}`, {
        ca: own.cert,
        env: { HTTPS_PROXY: `http://us%20er:${secret}@127.0.0.1:${proxy.port}` },
      });
    const good = through(PASSWORD);
    expect((await ask(good)).status).toBe(200);

    const bad = through(`${PASSWORD}-old`);
    const error = await rejection(ask(bad, 'POST'));
    expect(error).toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining('HTTPS_PROXY'),
      details: { network: 'PROXY_407', attempts: 0 },
    });
    const shown = inspect([error, good.logger.lines, bad.logger.lines], { depth: 12, showHidden: true });
    expect(shown).toContain(`127.0.0.1:${proxy.port}`);
    for (const secret of [PASSWORD, login]) expect(shown).not.toContain(secret);
  });

  test('that wants a password for a plain host is an error with the same cure', async () => {
    const proxy = await startProxy({ authorization: 'Basic other' });
    const kit = doorTo(`http://${HOST}:1`, { env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` } });
    await expect(ask(kit)).rejects.toMatchObject({
      code: 'AUTHENTICATION',
      cure: expect.stringContaining('HTTP_PROXY'),
    });
  });

  test('that refuses the host is asked once; one that cannot reach it is asked again', async () => {
    const refusing = await startProxy({ status: 403 });
    const failing = await startProxy({ status: 502 });
    const through = (port: number) =>
      doorTo(`https://${HOST}`, { env: { https_proxy: `http://127.0.0.1:${port}` } });
    await expect(ask(through(refusing.port), 'POST')).rejects.toMatchObject({
      code: 'CONFIGURATION',
      cure: expect.stringContaining(`connect to ${HOST}`),
    });
    expect(refusing.seen).toHaveLength(1);
    await expect(ask(through(failing.port), 'POST')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`through the proxy 127.0.0.1:${failing.port}`),
      cure: expect.stringContaining('https_proxy'),
    });
    expect(failing.seen).toHaveLength(5);
  });

  test('that is not there is named in the error', async () => {
    const { port } = await startProxy();
    await closing.splice(0)[0]?.();
    const kit = doorTo(`https://${HOST}`, { env: { HTTPS_PROXY: `http://u:canary@127.0.0.1:${port}` } });
    const error = await rejection(ask(kit));
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(`through the proxy 127.0.0.1:${port}`),
      details: { network: 'ECONNREFUSED' },
    });
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
  });
});
