import type { Command } from 'commander';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';
import type { CaseRecord } from '../app/ports/cases.ts';
import type { Decision } from '../app/rollcall.ts';
import { renderCase, renderCases } from './render/cases.ts';
import { outside, type TextStyle } from './render/text.ts';
import { type Pending, perform } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { Language, languageOption } from './support/language.ts';
import { consult } from './support/service.ts';

const ListOptions = z.object({ all: z.boolean().default(false) });
const ShowOptions = z.object({ lang: Language });
const DecideOptions = z.object({
  same: z.string().min(1).optional(),
  different: z.union([z.literal(true), z.string().min(1)]).optional(),
  create: z.boolean().optional(),
  purge: z.boolean().optional(),
});

export function casesCommand(program: Command, pending: Pending): void {
  const list = program
    .command('cases')
    .description('Lists the people who wait for your decision')
    .option('--all', 'decided and settled cases too')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall cases\n  rollcall cases show ID\n  rollcall cases decide ID --same CONTACT',
    );
  perform(list, pending, async (surroundings) => {
    const { all } = ListOptions.parse(list.opts());
    const cases = await consult(surroundings, (rollcall) => rollcall.cases(all ? {} : { status: 'open' }));
    surroundings.output.result(renderCases(surroundings.output.style, cases), cases);
    return EXIT.done;
  });

  const show = list
    .command('show')
    .description('Shows one case: the candidates, and what speaks for and against each')
    .argument('<id>', 'the case')
    .addOption(languageOption())
    .addHelpText('after', '\nExample:\n  rollcall cases show ID\n  rollcall cases show ID --lang uk');
  perform(show, pending, async (surroundings) => {
    const one = await consult(surroundings, (rollcall) => rollcall.case(idOf(show)));
    const { lang } = ShowOptions.parse(show.opts());
    surroundings.output.result(renderCase(surroundings.output.style, one, lang), one);
    return EXIT.done;
  });

  const decide = list
    .command('decide')
    .description('Decides a case; the next import acts on it')
    .argument('<id>', 'the case')
    .option('--same <contact>', 'the person is this contact')
    .option('--different [contact]', 'the person is not this contact; without one, none of the candidates')
    .option('--create', 'the person is new: a contact is to be created')
    .option('--purge', 'remove the deleted user who keeps the login from the directory, for good')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall cases decide ID --same 410006e1-ca4e-4502-a9ec-e54d922d2c00',
    );
  perform(decide, pending, async (surroundings) => {
    const decision = decisionOf(decide.opts());
    const one = await consult(surroundings, (rollcall) => rollcall.decide(idOf(decide), decision));
    surroundings.output.result(
      decision.kind === 'purge'
        ? `The login ${outside(surroundings.output.style, one.login)} is free; the next push or sync makes the user.`
        : `${decided(surroundings.output.style, one, decision)} Take it back with: rollcall cases revoke ${one.id}`,
      one,
    );
    return EXIT.done;
  });

  const revoke = list
    .command('revoke')
    .description('Takes the decision of a case back and opens the case again')
    .argument('<id>', 'the case')
    .addHelpText('after', '\nExample:\n  rollcall cases revoke ID');
  perform(revoke, pending, async (surroundings) => {
    const { output } = surroundings;
    const one = await consult(surroundings, (rollcall) => rollcall.revoke(idOf(revoke)));
    output.result(
      `The decision about ${outside(output.style, one.displayName)} was taken back; the case is open again.`,
      one,
    );
    return EXIT.done;
  });
}

function idOf(command: Command): string {
  const [id] = z.tuple([z.string()]).parse(command.args);
  return id;
}

function decisionOf(options: unknown): Decision {
  const { same, different, create, purge } = DecideOptions.parse(options);
  const decisions: Decision[] = [
    ...(same === undefined ? [] : [{ kind: 'same', contactId: same } as const]),
    ...(different === undefined
      ? []
      : [{ kind: 'different', contactId: different === true ? null : different } as const]),
    ...(create === true ? [{ kind: 'create' } as const] : []),
    ...(purge === true ? [{ kind: 'purge' } as const] : []),
  ];
  const [decision] = decisions;
  if (decision !== undefined && decisions.length === 1) return decision;
  throw new RollcallError(
    'USAGE',
    decision === undefined ? 'No decision was given.' : 'More than one decision was given.',
    {
      cure: 'Give one of --same CONTACT, --different [CONTACT], --create or --purge.',
    },
  );
}

function decided(style: TextStyle, one: CaseRecord, decision: Exclude<Decision, { kind: 'purge' }>): string {
  const name = outside(style, one.displayName);
  if (decision.kind === 'same') return `${name} is contact ${decision.contactId}.`;
  if (decision.kind === 'create') return `${name} is new: the next import adds a contact.`;
  return decision.contactId === null
    ? `${name} is none of the candidates.`
    : `${name} is not contact ${decision.contactId}.`;
}
