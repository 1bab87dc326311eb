import { z } from 'zod';
import type { AppDeps } from './deps.ts';

const Reopened = z.record(z.string(), z.string());

/**
 * Directory user id → the contact that the user was linked to on the strength of a verdict that was revoked. The
 * telephony record still bears it, and must not bring the link back on its own.
 */
export async function reopenedLinks(
  deps: Pick<AppDeps, 'store' | 'mapping'>,
): Promise<ReadonlyMap<string, string>> {
  const text = await deps.store.memory.get(keyOf(deps));
  return new Map(text === undefined ? [] : Object.entries(Reopened.parse(JSON.parse(text))));
}

export async function rememberReopened(
  deps: Pick<AppDeps, 'store' | 'mapping'>,
  directoryUserId: string,
  contactId: string,
): Promise<void> {
  const all = Object.fromEntries(await reopenedLinks(deps));
  await deps.store.memory.set(keyOf(deps), JSON.stringify({ ...all, [directoryUserId]: contactId }));
}

function keyOf(deps: Pick<AppDeps, 'mapping'>): string {
  return `reopened:${deps.mapping.directory}`;
}
