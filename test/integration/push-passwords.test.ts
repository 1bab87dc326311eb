import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, request as send, type Server } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../../src/app/ports/logger.ts';
import { inClosedStore, type ClosedStore } from '../support/closed-store.ts';
import { startPushing, type Pushing } from '../support/pushing.ts';

const NewUser = z.object({ username: z.string(), password: z.string(), force_password_change: z.boolean() });

/** Passwords as they went over the wire, and what came out anywhere. */
const passwords = new Map<string, string>();
const logged: string[] = [];
const recording: Logger = {
  debug: (...given) => void logged.push(JSON.stringify(given)),
  info: (...given) => void logged.push(JSON.stringify(given)),
  warn: (...given) => void logged.push(JSON.stringify(given)),
  error: (...given) => void logged.push(JSON.stringify(given)),
  child: () => recording,
};

let world: Pushing;
let between: Server;

/** Stands between the product and the directory: reads along, and refuses one user with words that quote the password. */
function listenTo(target: string): Promise<string> {
  between = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
      const user = request.method === 'POST' ? NewUser.safeParse(jsonOf(body)) : null;
      if (user?.success === true) passwords.set(user.data.username, user.data.password);
      if (user?.success === true && user.data.username.startsWith('refused')) {
        const { password } = user.data;
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({
            id: 'users.password.invalid',
            code: 400,
            status: 'Bad Request',
            detail: `The password ${password} (${encodeURIComponent(password)}, ${Buffer.from(password).toString('base64')}) is too weak`,
          }),
        );
        return;
      }
      const { host: _, ...headers } = request.headers;
      const onward = { method: request.method ?? 'GET', headers };
      const passed = send(`${target}${request.url ?? ''}`, onward, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      passed.on('error', () => response.destroy());
      passed.end(body);
    })();
  });
  return new Promise((resolve) => {
    between.listen(0, '127.0.0.1', () => {
      const address = between.address();
      resolve(
        `http://127.0.0.1:${typeof address === 'object' && address !== null ? String(address.port) : ''}`,
      );
    });
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

beforeAll(async () => {
  world = await startPushing({ logger: recording });
  const text = await readFile(world.configPath, 'utf8');
  const url = /webitel: \{ url: "([^"]+)"/.exec(text)?.[1] ?? '';
  await world.shut();
  await writeFile(world.configPath, text.replace(url, await listenTo(url)));
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => between.close(resolve));
});

test('the password of a new user is seen by the directory alone, even where that quotes it', async () => {
  const records = ['made.one', 'made.two', 'refused.one'].map((login) => world.add({ login }));
  const report = await world.push(records);
  expect(report).toMatchObject({ status: 'partial', added: 3 });
  expect(report.failures).toMatchObject([{ code: 'VALIDATION' }]);
  expect(report.failures[0]?.message).toContain('[redacted]');
  expect([...passwords.keys()].toSorted()).toEqual(['made.one', 'made.two', 'refused.one']);
  expect(new Set(passwords.values()).size).toBe(3);

  const { rollcall } = await world.open();
  const plan = await rollcall.runPlan(report.runId);
  const after = await world.sync();
  const cases = await rollcall.cases();
  const rows = await inClosedStore(world, dump);
  // The scan sees what is there.
  expect(rows).toContain('refused.one');
  expect(logged.length).toBeGreaterThan(0);
  const places: Record<string, string> = {
    report: JSON.stringify([report, after]),
    plan: JSON.stringify(plan),
    cases: JSON.stringify(cases),
    log: logged.join('\n'),
    rows,
    files: await filesBelow(world.directory),
    crm: JSON.stringify(world.creatio.state()),
  };
  for (const password of passwords.values())
    for (const form of [password, encodeURIComponent(password), Buffer.from(password).toString('base64')])
      expect(Object.keys(places).filter((place) => places[place]?.includes(form))).toEqual([]);
});

/** Every row of every table of ours and of the queue, as text: long values lie compressed in the files. */
async function dump(store: ClosedStore): Promise<string> {
  const Names = z.array(z.object({ name: z.string() }));
  const Texts = z.array(z.object({ text: z.string() }));
  const tables = await store.query(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of Names.parse(tables.rows)) {
    const { rows } = await store.query(`SELECT t::text AS text FROM ${name} t`);
    texts.push(...Texts.parse(rows).map(({ text }) => text));
  }
  return texts.join('\n');
}

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
  );
  return texts.join('\n');
}
