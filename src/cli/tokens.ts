import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type ApiToken, SCOPES, type Scope } from '../app/ports/tokens.ts';
import { renderTable } from './render/table.ts';
import { moment, outside, type TextStyle } from './render/text.ts';
import { type Pending, perform } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { consult } from './support/service.ts';

const CreateOptions = z.object({ scope: z.array(z.enum(SCOPES)).min(1), expires: z.string().optional() });

/** What each scope is for. */
const SCOPE_HELP =
  'trigger (start runs), read (runs, cases, figures), operate (approve, decide, start anything)';

export function tokensCommand(program: Command, pending: Pending): void {
  const list = program
    .command('tokens')
    .description('Lists the tokens of the HTTP interface')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall tokens create creatio --scope trigger --scope read --expires 2027-06-30',
    );
  perform(list, pending, async (surroundings) => {
    const tokens = await consult(surroundings, (rollcall) => rollcall.tokens.list());
    surroundings.output.result(renderTokens(surroundings.output.style, tokens), tokens);
    return EXIT.done;
  });

  const create = list
    .command('create')
    .description('Makes a token and shows it once')
    .argument('<name>', 'who uses it')
    .requiredOption('--scope <scope>', `${SCOPE_HELP}; may be given several times`, collectScope)
    .option('--expires <date>', 'the day on whose end it runs out (UTC), such as 2027-06-30', endOfDay)
    .addHelpText('after', '\nExample:\n  rollcall tokens create prometheus --scope read');
  perform(create, pending, async (surroundings) => {
    const { scope, expires } = CreateOptions.parse(create.opts());
    const [name] = z.tuple([z.string().min(1).max(100)]).parse(create.args);
    const { token, secret } = await consult(surroundings, (rollcall) =>
      rollcall.tokens.create({ name, scopes: scope, expiresAt: expires ?? null }),
    );
    surroundings.output.result(
      `${secret}\nKeep it now: it is not shown again. Take it back with: rollcall tokens revoke ${token.id}`,
      { ...token, secret },
    );
    return EXIT.done;
  });

  const revoke = list
    .command('revoke')
    .description('Makes a token useless at once')
    .argument('<id>', 'the token, as `rollcall tokens` lists it')
    .addHelpText('after', '\nExample:\n  rollcall tokens revoke 4f0a1b2c3d4e5f60');
  perform(revoke, pending, async (surroundings) => {
    const [id] = z.tuple([z.string()]).parse(revoke.args);
    await consult(surroundings, (rollcall) => rollcall.tokens.revoke(id));
    surroundings.output.result(`Token ${id} is useless now.`, { id, revoked: true });
    return EXIT.done;
  });
}

function collectScope(text: string, earlier: readonly Scope[] = []): readonly Scope[] {
  const scope = SCOPES.find((known) => known === text);
  if (scope === undefined) throw new InvalidArgumentError(`Scopes are: ${SCOPES.join(', ')}.`);
  return [...earlier, scope];
}

function endOfDay(text: string): string {
  const day = z.iso.date().safeParse(text);
  if (!day.success) throw new InvalidArgumentError('It must be a day such as 2027-06-30.');
  return `${day.data}T23:59:59.999Z`;
}

function renderTokens(style: TextStyle, tokens: readonly ApiToken[]): string {
  if (tokens.length === 0) return 'There are no tokens.';
  return renderTable(style, {
    head: ['Id', 'Name', 'Scopes', 'Made', 'Ends'],
    indent: 0,
    shares: [0, 100, 0, 0, 0],
    rows: tokens.map(({ id, name, scopes, createdAt, expiresAt, revokedAt }) => [
      id,
      outside(style, name),
      scopes.join(', '),
      moment(createdAt),
      revokedAt === null
        ? expiresAt === null
          ? 'never'
          : moment(expiresAt)
        : `revoked ${moment(revokedAt)}`,
    ]),
  });
}
