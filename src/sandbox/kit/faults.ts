import type { FaultRule, SandboxSystem } from '../types.ts';

/** What a request shows to the fault rules. */
export interface FaultSubject {
  method: string;
  /** Path with query, as it was sent. */
  url: string;
  rawBody: string;
}

/** The rules that stand, with the memory that `nth`, `times` and `firstOfBody` need. */
export interface FaultBook {
  /** Replaces all rules and forgets what was seen. A bad regular expression is an error that quotes it. */
  set(rules: readonly FaultRule[]): void;
  /** The rules that strike this request, in their order; at most the last of them ends it. */
  strike(subject: FaultSubject): FaultRule[];
}

interface Entry {
  rule: FaultRule;
  path: RegExp | undefined;
  seen: number;
  struck: number;
  bodies: Set<string>;
}

/** Creates an empty book; `random` decides for rules with a probability. */
export function createFaultBook(system: SandboxSystem, random: () => number): FaultBook {
  let entries: Entry[] = [];

  const matches = (entry: Entry, subject: FaultSubject): boolean => {
    const { method } = entry.rule;
    if (method !== undefined && method.toUpperCase() !== subject.method) return false;
    return entry.path === undefined || entry.path.test(subject.url);
  };

  /** Answers whether the rule wants this request, and remembers the request. */
  const wants = (entry: Entry, subject: FaultSubject): boolean => {
    const when = entry.rule.when ?? {};
    entry.seen += 1;
    const isNewBody = !entry.bodies.has(subject.rawBody);
    if (when.firstOfBody === true) entry.bodies.add(subject.rawBody);
    if (when.times !== undefined && entry.struck >= when.times) return false;
    if (when.nth !== undefined && entry.seen !== when.nth) return false;
    if (when.firstOfBody === true && !isNewBody) return false;
    return when.probability === undefined || random() < when.probability;
  };

  return {
    set: (rules) => {
      entries = rules
        .filter((rule) => rule.system === system)
        .map((rule) => ({ rule, path: compile(rule.path), seen: 0, struck: 0, bodies: new Set<string>() }));
    },
    strike: (subject) => {
      const struck: FaultRule[] = [];
      let isEnded = false;
      for (const entry of entries) {
        if (!matches(entry, subject) || !wants(entry, subject) || isEnded) continue;
        entry.struck += 1;
        struck.push(entry.rule);
        isEnded = entry.rule.fault !== 'latency' && entry.rule.fault !== 'expire-session';
      }
      return struck;
    },
  };
}

function compile(path: string | undefined): RegExp | undefined {
  if (path === undefined) return undefined;
  try {
    return new RegExp(path);
  } catch (error) {
    throw new Error(`The path of a fault rule is no regular expression: ${path}`, { cause: error });
  }
}
