import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { processorMs, scriptPath, startNode } from './processes.ts';

const PROGRAM = scriptPath('../../dist/src/bin/rollcall.js');
const Url = z.object({ url: z.url() });
const Ready = z.object({ creatio: Url, webitel: Url, control: Url });
const Secrets = z.object({ SANDBOX_CREATIO_PASSWORD: z.string(), SANDBOX_WEBITEL_TOKEN: z.string() });

export interface Population {
  readonly users: number;
  readonly contacts: number;
  readonly crmUsers: number;
  readonly seed: number;
}

/** How slow the sandboxes pretend to be. */
export interface Pace {
  readonly latencyMs: number;
  readonly batchMs: number;
}

/** Sandboxes in a process of their own. */
export interface BenchSandboxes {
  readonly creatio: string;
  readonly webitel: string;
  readonly password: string;
  readonly token: string;
  /** A configuration that leads to them. */
  readonly config: string;
  processorMs(): Promise<number>;
  close(): Promise<void>;
}

export function populationOf(users: number, seed: number): Population {
  return { users, contacts: users * 4, crmUsers: Math.round(users * 0.8), seed };
}

/** Starts sandboxes with made-up people; the same population is the same rows, with other secrets. */
export async function startBenchSandboxes(
  folder: string,
  population: Population,
  pace: Pace,
): Promise<BenchSandboxes> {
  const { users, contacts, crmUsers, seed } = population;
  const child = startNode([
    PROGRAM,
    'sandbox',
    ...['--users', users, '--contacts', contacts, '--crm-users', crmUsers, '--seed', seed].map(String),
    '--latency',
    String(pace.latencyMs),
    '--config-dir',
    folder,
    '--json',
  ]);
  const close = async (): Promise<void> => {
    child.signal('SIGKILL');
    await child.ended;
  };
  try {
    const { creatio, webitel, control } = Ready.parse(await child.next());
    const secrets = Secrets.parse(parseEnv(await readFile(join(folder, '.env'), 'utf8')));
    if (pace.batchMs > 0) await slowBatches(control.url, pace.batchMs);
    return {
      creatio: creatio.url,
      webitel: webitel.url,
      password: secrets.SANDBOX_CREATIO_PASSWORD,
      token: secrets.SANDBOX_WEBITEL_TOKEN,
      config: join(folder, 'rollcall.yaml'),
      processorMs: () => processorMs(child.pid),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function slowBatches(control: string, delayMs: number): Promise<void> {
  const rule = { system: 'creatio', method: 'POST', path: '\\$batch', fault: 'latency', delayMs };
  const answer = await fetch(`${control}/faults`, { method: 'POST', body: JSON.stringify([rule]) });
  if (!answer.ok) throw new Error(`The control server refused the pace: ${await answer.text()}`);
}
