import type { Evaluation } from '../evaluation.ts';
import type { Judgement } from '../metrics/judge.ts';
import { describe } from './report.ts';

const EXAMPLES = 6;
const CLASSES = 60;

/** For whoever works on the matcher: every wrong link, and what is missed, by class, with examples. */
export function renderFindings({ tally, hardNegatives }: Evaluation): string {
  const wrong = tally.mistakes.filter(({ outcome }) => outcome === 'wrong');
  return [
    `# ${wrong.length} wrong links`,
    ...wrong.map(
      ({ left, linked, own, decision, namesakes }) =>
        `- [${left.person.language}, ${decision.rule ?? '?'}, ${namesakes} namesakes] ${describe(left.entry)} → ${linked === null ? '?' : describe(linked.entry)}; own: ${own === null ? 'none' : describe(own.entry)}`,
    ),
    '# Hard negatives that were linked',
    ...hardNegatives.flatMap(({ kind, linked }) =>
      linked.map(({ left, right }) => `- ${kind}: ${left.name} – ${right.name}`),
    ),
    '# Unique names that are not among five candidates',
    ...classes(tally.missed.filter(({ rank }) => rank === null || rank > 5)),
    '# Unique names that are cases',
    ...classes(tally.missed.filter(({ rank }) => rank !== null && rank <= 5)),
    '# Unavoidable',
    ...tally.mistakes
      .filter(({ outcome }) => outcome === 'unavoidable')
      .map(
        ({ left, linked }) => `- ${describe(left.entry)} → ${linked === null ? '?' : describe(linked.entry)}`,
      ),
    '',
  ].join('\n');
}

/** By language and by what happened to the name, the most frequent first. */
function classes(missed: readonly Judgement[]): string[] {
  const byClass = new Map<string, Judgement[]>();
  for (const judgement of missed) {
    const { left, own, isClean } = judgement;
    const corruptions = new Set([...left.spelling.corruptions, ...(own?.spelling.corruptions ?? [])]);
    for (const usual of ['token order', 'second name dropped', 'letter case'] as const)
      corruptions.delete(usual);
    const name = [left.person.language, isClean ? 'CLEAN' : '', [...corruptions].toSorted().join(' + ')].join(
      ' ',
    );
    const known = byClass.get(name);
    if (known === undefined) byClass.set(name, [judgement]);
    else known.push(judgement);
  }
  return [...byClass]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .slice(0, CLASSES)
    .map(
      ([name, members]) =>
        `- ${members.length} × ${name}: ${members
          .slice(0, EXAMPLES)
          .map(
            ({ left, own }) =>
              `"${left.entry.name}" / "${own?.entry.name ?? ''}" (${left.spelling.system} / ${own?.spelling.system ?? ''})`,
          )
          .join('; ')}`,
    );
}
