import { type Command, Option } from 'commander';
import { z } from 'zod';
import { matchLists, MatchList, type MatchEntry, type MatchResult } from '../app/match.ts';
import { renderTable } from './render/table.ts';
import { outside, paint, type TextStyle } from './render/text.ts';
import { type Pending, perform } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { readJsonFile } from './support/files.ts';

const Options = z.object({
  left: z.string().min(1),
  right: z.string().min(1),
  matching: z.enum(['default', 'seed-strict']),
});

export function matchCommand(program: Command, pending: Pending): void {
  const command = program
    .command('match')
    .description('Tries the matching rules on two lists of people; no system is touched')
    .requiredOption(
      '--left <file>',
      'people as the directory has them: [{id, name, login?, email?, phone?, extension?}]',
    )
    .requiredOption('--right <file>', 'people as the CRM has them, in the same form')
    .addOption(
      new Option('--matching <rules>', 'the rules').choices(['default', 'seed-strict']).default('default'),
    )
    .addHelpText('after', '\nExample:\n  rollcall match --left directory.json --right contacts.json');
  perform(command, pending, async ({ context, output }) => {
    const { left: leftFile, right: rightFile, matching } = Options.parse(command.opts());
    const left = await readList(leftFile, context.cwd);
    const right = await readList(rightFile, context.cwd);
    const results = matchLists(left, right, { preset: matching });
    output.result(renderResults(output.style, results, left, right), results);
    return EXIT.done;
  });
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

function renderResults(
  style: TextStyle,
  results: readonly MatchResult[],
  left: readonly MatchEntry[],
  right: readonly MatchEntry[],
): string {
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
        outside(style, candidate.evidence.map(({ text, verdict }) => `${SIGNS[verdict]}${text}`).join(' ')),
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
