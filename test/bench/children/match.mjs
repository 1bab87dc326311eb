// Makes two lists of people, says so, waits for a line, matches them, and says what came of it.
// node --expose-gc match.mjs USERS SEED
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { matchLists } from '../../../dist/src/app/match.js';
import { generatePeople } from '../../../dist/src/sandbox/people/generate.js';

const [users = 0, seed = 1] = process.argv.slice(2).map(Number);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function lists() {
  const size = { users, contacts: users * 4, crmUsers: Math.round(users * 0.8), seed };
  const { webitel, creatio } = generatePeople(size).data;
  const logins = new Map((creatio.SysAdminUnit ?? []).map((row) => [row.ContactId, row.Name]));
  const filled = (entry) => Object.fromEntries(Object.entries(entry).filter(([, value]) => value));
  return {
    left: webitel.users.map(({ id, name, username, email, extension }) =>
      filled({ id: String(id), name, login: username, email, extension }),
    ),
    right: creatio.Contact.map(({ Id, Name, Email, MobilePhone }) =>
      filled({ id: Id, name: Name, login: logins.get(Id), email: Email, phone: MobilePhone }),
    ),
  };
}

const { left, right } = lists();
for (let round = 0; round < 3; round += 1) {
  globalThis.gc();
  await wait(200);
}
const idleHeap = process.memoryUsage().heapUsed;
say({ left: left.length, right: right.length });
await once(process.stdin, 'data');

const start = performance.now();
const results = matchLists(left, right);
const matchMs = performance.now() - start;
const heapAboveIdle = Math.max(0, process.memoryUsage().heapUsed - idleHeap);
const decisions = { auto: 0, review: 0, none: 0 };
for (const { decision } of results) decisions[decision] += 1;
say({ matchMs, heapAboveIdle, decisions });
process.exit(0);
