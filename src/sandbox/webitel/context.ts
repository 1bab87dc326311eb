import type { Ref } from './rows.ts';
import type { SessionBook } from './sessions.ts';
import type { SettingsBook } from './settings.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import type { TokenBook } from './tokens.ts';
import type { Views } from './views.ts';

/** What every part of the stand-in works on. */
export interface Context {
  store: Store;
  views: Views;
  tokens: TokenBook;
  sessions: SessionBook;
  settings: SettingsBook;
  switches(): Switches;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1, from the sandbox's seed. */
  random(): number;
}

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A text of random letters and digits; not for real secrets. */
export function randomText(context: Pick<Context, 'random'>, length: number): string {
  let text = '';
  while (text.length < length)
    text += ALPHANUMERIC.charAt(Math.floor(context.random() * ALPHANUMERIC.length));
  return text;
}

/** Audit fields of something created now by `by`. */
export function createdStamps(context: Pick<Context, 'now'>, by: Ref | null) {
  const at = String(context.now());
  return {
    created_at: at,
    created_by: by,
    updated_at: at,
    updated_by: by,
    deleted_at: '0',
    deleted_by: null,
  };
}
