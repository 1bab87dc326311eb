import { type Command, Option } from 'commander';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';
import { explain, type ExplanationLanguage } from '../app/explain.ts';
import { matchLists, MatchList, type MatchEntry, type MatchResult } from '../app/match.ts';
import { renderTable } from './render/table.ts';
import { outside, paint, type TextStyle } from './render/text.ts';
import { renderRegression } from './render/regression.ts';
import { type Pending, perform, type Surroundings, withRollcall } from './support/command.ts';
import { Language, languageOption } from './support/language.ts';
import { EXIT } from './support/exit.ts';
import { readJsonFile } from './support/files.ts';

const Options = z.object({
  left: z.string().min(1).optional(),
  right: z.string().min(1).optional(),
  matching: z.enum(['default', 'seed-strict']),
  lang: Language,
  regress: z.boolean().default(false),
  accept: z.boolean().default(false),
});

export function matchCommand(program: Command, pending: Pending): void {
  const command = program
    .command('match')
    .description('Tries the matching rules on two lists of people; no system is touched')
    .option(
      '--left <file>',
      'people as the directory has them: [{id, name, login?, email?, phone?, extension?, department?}]',
    )
    .option('--right <file>', 'people as the CRM has them, in the same form')
    .addOption(
      new Option('--matching <rules>', 'the rules').choices(['default', 'seed-strict']).default('default'),
    )
    .addOption(languageOption())
    .option(
      '--regress',
      'instead, replay all links and verdicts with the rules of this version and list what would flip',
    )
    .option('--accept', 'with --regress: accept this version although something would flip')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall match --left directory.json --right contacts.json\n  rollcall match --regress',
    );
  perform(command, pending, async (surroundings) => {
    const { context, output } = surroundings;
    const options = Options.parse(command.opts());
    if (options.regress) return regress(surroundings, options);
    const { left: leftFile, right: rightFile, matching, lang } = options;
    if (leftFile === undefined || rightFile === undefined)
      throw new RollcallError('USAGE', 'Two lists are needed.', {
        cure: 'Name them with --left FILE and --right FILE, or replay what is known with --regress.',
      });
    const left = await readList(leftFile, context.cwd);
    const right = await readList(rightFile, context.cwd);
    const results = matchLists(left, right, { preset: matching });
    output.result(renderResults(output.style, { results, left, right, lang }), results);
    return EXIT.done;
  });
}

async function regress(
  surroundings: Surroundings,
  { accept, lang }: { readonly accept: boolean; readonly lang: ExplanationLanguage },
): Promise<number> {
  const { output, signal } = surroundings;
  const found = await withRollcall(surroundings, ({ rollcall }) => rollcall.regress({ accept, signal }));
  output.result(renderRegression(output.style, found, lang), found);
  return found.isAccepted ? EXIT.done : EXIT.stopped;
}

async function readList(file: string, cwd: string): Promise<MatchEntry[]> {
  return readJsonFile(file, {
    cwd,
    schema: MatchList,
    what: 'a list of people',
    cure: 'Write [{"id": "1", "name": "…"}, …]; login, email, phone and extension may be added.',
  });
}

const GROUPS: readonly (readonly [MatchResult['decision'], string])[] = [
  ['auto', 'Would be linked'],
  ['review', 'Would wait for your decision'],
  ['none', 'Would be new'],
];

interface Lists {
  readonly results: readonly MatchResult[];
  readonly left: readonly MatchEntry[];
  readonly right: readonly MatchEntry[];
  readonly lang: ExplanationLanguage;
}

function renderResults(style: TextStyle, { results, left, right, lang }: Lists): string {
  if (results.length === 0) return 'The left list is empty.';
  const leftNames = new Map(left.map(({ id, name }) => [id, name]));
  const rightNames = new Map(right.map(({ id, name }) => [id, name]));
  return GROUPS.flatMap(([decision, title]) => {
    const group = results.filter((result) => result.decision === decision);
    if (group.length === 0) return [];
    const rows = group.flatMap((result) => {
      const who = outside(style, `${leftNames.get(result.left) ?? ''} (${result.left})`);
      if (result.candidates.length === 0) return [[who, '', '']];
      return result.candidates.map((candidate, index) => [
        index === 0 ? who : '',
        outside(style, `${rightNames.get(candidate.right) ?? ''} (${candidate.right})`),
        outside(
          style,
          candidate.evidence.map((one) => `${SIGNS[one.verdict]}${explain(one, lang)}`).join(' '),
        ),
      ]);
    });
    return [
      `${paint(style, 'bold', title)} (${group.length})`,
      renderTable(style, { shares: [26, 26, 48], rows }),
      '',
    ];
  })
    .join('\n')
    .trimEnd();
}

const SIGNS = { for: '+ ', against: '- ', neutral: '' } as const;
