import type { RawReply } from './types.ts';

export type ReadAnswer = { ok: true; value: unknown } | { ok: false };

/** Reads an accepted answer's body; an empty JSON body is `null`. */
export function readAnswer(reply: RawReply, contentType: string, as: 'json' | 'text'): ReadAnswer {
  if (as === 'text') return { ok: true, value: reply.text };
  if (reply.text.trim() === '') return { ok: true, value: null };
  if (looksLikeWebPage(reply, contentType)) return { ok: false };
  try {
    const value: unknown = JSON.parse(reply.text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** A page for people (a proxy's error page, a login page), whatever its status says. */
export function looksLikeWebPage(reply: RawReply, contentType: string): boolean {
  return /^\s*text\/html\b/i.test(contentType) || /^\s*<(!doctype html|html|head|body)\b/i.test(reply.text);
}
