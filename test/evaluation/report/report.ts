import type { Evaluation } from '../evaluation.ts';
import type { Judgement } from '../metrics/judge.ts';
import type { Speed } from '../speed/measure.ts';
import { EVIDENCE, LANGUAGES } from '../types.ts';
import { goalsOf, goalTable } from './goals.ts';
import {
  baselineTable,
  binTable,
  hardNegativeTable,
  number,
  sliceTable,
  speedTable,
  table,
} from './tables.ts';

const MOST_MISTAKES = 40;

/** The page that is kept in `docs/`. */
export function renderReport(evaluation: Evaluation, speeds: readonly Speed[]): string {
  const { tally, calibration, baselines, hardNegatives, seeds, size } = evaluation;
  const { slices } = tally;
  const wrong = tally.mistakes.filter(({ outcome }) => outcome === 'wrong');
  const sections = [
    '# How well the matching works',
    'Written by `npm run evaluate:matching`; do not edit by hand.',
    introduction(seeds, size),
    '## What was asked, and what came out',
    goalTable(goalsOf(evaluation, speeds)),
    `"Unavoidable" are links that no rule could refuse: the person's own contact is missing, a namesake (or somebody whose name is the same in the letters that were used) stands alone, for its own user is missing as well or bears the other half of a double surname, and nothing beside the names speaks against it. They are counted apart, and again in each table.`,
    '## Slices',
    `"At most" is the upper end of the one-sided 95 % interval of the share of wrong links. "Found in five" are the people who were linked rightly or stand among the first five candidates of their case.`,
    sliceTable('all', [
      tally.all,
      tally.unique,
      tally.uniqueWithoutArabic,
      tally.clean,
      tally.cleanAll,
      tally.arabicAcrossScripts,
    ]),
    `Clean people are written without a mistake on both sides: any order, language and documented system of romanisation, second name or not; nothing misspelt, shortened, decorated, no pet name.`,
    '### Language',
    sliceTable('language', slices.language.values(), LANGUAGES),
    '### Scripts (directory – CRM)',
    sliceTable('scripts', slices.scripts.values()),
    '### Evidence that both sides share beside the name',
    sliceTable('evidence', slices.evidence.values(), EVIDENCE),
    '### Other people with the same given name and surname',
    sliceTable('others', slices.namesakes.values(), ['0', '1', '2–4', '5 and more']),
    '### What happened to the name on either side',
    sliceTable('what', slices.corruption.values()),
    '### System of romanisation on either side',
    sliceTable(
      'system',
      [...slices.romanisation.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      [...slices.romanisation.keys()].toSorted(),
    ),
    '### Rule that linked',
    sliceTable('rule', tally.rules.values()),
    '## People without a contact',
    `Of ${number(tally.alone.unavoidable + tally.alone.wrong + tally.alone.cases + aloneRest(evaluation))} users without a contact of their own, ${number(aloneRest(evaluation))} would be created, ${number(tally.alone.cases)} become cases, ${tally.alone.wrong + tally.alone.unavoidable} were linked to somebody else (${tally.alone.unavoidable} of them unavoidably).`,
    '## Calibration of the candidates of cases',
    binTable('place', calibration.byPlace),
    calibration.byScore.some(({ candidates }) => candidates > 0)
      ? binTable('score', calibration.byScore)
      : 'The matcher gives no scores.',
    ...([...baselines.values()].every(({ all }) => all.pairs === 0)
      ? []
      : [
          '## Beside simpler ways',
          `The first two of the populations, all ways on the same ones. Each baseline links what it meets exactly once on both sides. "Same given name and same surname" is given the parts by the generator, as two systems with separate fields would have them. The two similarities compare the words in alphabetical order, for all pairs with two words that begin with the same three letters, except beginnings with more than a million pairs.`,
          baselineTable(baselines),
        ]),
    '## Hard negatives',
    'Each pair alone, one entry on each side, so that no other candidate warns. "Generated" ones are left out where both could be spelt alike.',
    hardNegativeTable(hardNegatives),
    ...hardNegatives
      .flatMap(({ kind, linked }) =>
        linked.map(({ left, right }) => `- ${kind}: ${left.name} – ${right.name}`),
      )
      .slice(0, MOST_MISTAKES),
    ...(speeds.length === 0
      ? []
      : [
          '## Speed',
          'From arrays in memory to decisions, the built product in a process of its own on two cores; the best of three runs, and the memory of the whole process (Node itself and both lists included) at the peak of that run. These figures depend on the machine.',
          speedTable(speeds),
        ]),
    '## Wrong links',
    wrong.length === 0 ? 'None.' : mistakeTable(wrong),
    howTo(),
  ];
  return `${sections.join('\n\n')}\n`;
}

function introduction(seeds: readonly number[], size: number): string {
  return `${seeds.length} generated populations (seeds ${seeds.join(', ')}) of ${number(size)} directory users and ${number(size)} contacts: Ukrainian, Russian, Belarusian, Bulgarian, English and Arabic names, each person written on both sides in independently chosen language, script, system of romanisation, order and completeness, with the mistakes of real lists; namesakes as often as the law of surnames brings them, families, shared mailboxes, rooms and telephones, reused logins. 2 % of the users have no contact, 2 % of the contacts no user. The generator, its tables and the measures (\`test/evaluation\`) share no code with the product; they reach it through \`matchLists\` only.`;
}

function aloneRest({ tally, seeds, size }: Evaluation): number {
  const { alone, all } = tally;
  return seeds.length * size - all.pairs - alone.cases - alone.wrong - alone.unavoidable;
}

function mistakeTable(mistakes: readonly Judgement[]): string {
  return table(
    ['user', 'linked to', 'own contact', 'rule'],
    mistakes
      .slice(0, MOST_MISTAKES)
      .map(({ left, linked, own, decision }) => [
        describe(left.entry),
        linked === null ? '' : describe(linked.entry),
        own === null ? 'none' : describe(own.entry),
        decision.rule ?? '',
      ]),
  );
}

/** A line with everything that the matcher saw, invisible characters as such. */
export function describe({ name, login, email, phone, extension }: Judgement['left']['entry']): string {
  const visible = name.replaceAll(/[\p{Cf}\p{Zs}\t]/gu, (sign) =>
    sign === ' ' ? ' ' : `⟨${(sign.codePointAt(0) ?? 0).toString(16)}⟩`,
  );
  return [visible, login, email, phone, extension].filter((part) => part !== undefined).join(', ');
}

function howTo(): string {
  return `## Again

\`\`\`sh
npm run evaluate:matching
\`\`\`

takes some minutes and writes this page anew. \`-- --seeds 1,2 --size 5000 --no-baselines --no-speed\` is quicker; \`-- --out FILE\`
leaves this page alone; \`-- --matcher FILE\` takes \`matchLists\` of another checkout's \`src/app/match.ts\`. The same seeds give
the same people on every machine. A small population runs with the tests (\`test/evaluation\`).`;
}
