import type { Command } from 'commander';
import { z } from 'zod';
import type { CleanedUp } from '../app/clean-up.ts';
import type { RunSummary } from '../app/rollcall.ts';
import type { RunStatus } from '../domain/run.ts';
import { renderPlan } from './render/plan.ts';
import { renderReport } from './render/report.ts';
import { renderTable } from './render/table.ts';
import { count, duration, moment, outside, paint, type TextStyle } from './render/text.ts';
import { STATUS_WORDS, TRIGGER_WORDS } from './render/words.ts';
import { type Pending, perform, wholeNumber, withRollcall } from './support/command.ts';
import { EXIT } from './support/exit.ts';
import { consult } from './support/service.ts';

const ListOptions = z.object({ limit: z.number() });
const CleanOptions = z.object({ olderThan: z.number().optional(), dryRun: z.boolean().default(false) });
const ShowOptions = z.object({ plan: z.boolean().default(false) });

export function runsCommand(program: Command, pending: Pending): void {
  const list = program
    .command('runs')
    .description('Lists earlier runs, newest first')
    .option('-n, --limit <number>', 'how many', wholeNumber(1), 20)
    .addHelpText('after', '\nExample:\n  rollcall runs\n  rollcall runs show 0192…');
  perform(list, pending, async (surroundings) => {
    const { limit } = ListOptions.parse(list.opts());
    const { runs, words } = await consult(surroundings, async (rollcall, { storeIsOurs }) => ({
      runs: await rollcall.runs(limit),
      words: wordsFor(storeIsOurs),
    }));
    surroundings.output.result(renderRuns(surroundings.output.style, runs, words), runs.map(summaryOf));
    return EXIT.done;
  });

  const show = list
    .command('show')
    .description('Shows the report of one run, or the plan that it applied')
    .argument('<id>', 'the run')
    .option('--plan', 'show the plan instead of the report')
    .addHelpText('after', '\nExample:\n  rollcall runs show 0192… --plan');
  perform(show, pending, async (surroundings) => {
    const { output } = surroundings;
    const [id] = z.tuple([z.string()]).parse(show.args);
    const { plan: wantsPlan } = ShowOptions.parse(show.opts());
    const { run, plan, words } = await consult(surroundings, async (rollcall, { storeIsOurs }) => ({
      run: await rollcall.run(id),
      plan: wantsPlan ? await rollcall.runPlan(id) : null,
      words: wordsFor(storeIsOurs),
    }));
    if (wantsPlan) {
      output.result(plan === null ? 'This run kept no plan.' : renderPlan(output.style, plan), plan);
    } else {
      output.result(renderRun(output.style, run, words), run.report ?? summaryOf(run));
    }
    return EXIT.done;
  });

  const clean = list
    .command('clean')
    .description(
      'Takes from old runs what `retention` in the configuration no longer keeps, as happens once a day',
    )
    .option('--older-than <days>', 'also take away altogether what ended so many days ago', wholeNumber(1))
    .option('--dry-run', 'only say what would happen')
    .addHelpText('after', '\nExample:\n  rollcall runs clean --older-than 365 --dry-run');
  perform(clean, pending, async (surroundings) => {
    const { olderThan: olderThanDays, dryRun } = CleanOptions.parse(clean.opts());
    const cleaned = await withRollcall(surroundings, ({ rollcall }) =>
      rollcall.cleanUp({ now: surroundings.context.clock.now(), olderThanDays, dryRun }),
    );
    surroundings.output.result(renderCleaned(cleaned, dryRun), { ...cleaned, dryRun });
    return EXIT.done;
  });
}

function renderCleaned({ details, runs, cases }: CleanedUp, dryRun: boolean): string {
  if (details === 0 && runs === 0 && cases === 0) return 'No run is old enough.';
  const loses = dryRun ? 'would lose' : 'lost';
  const gone = (number: number, what: string): readonly string[] => {
    const words = dryRun ? 'would be removed' : number === 1 ? 'was removed' : 'were removed';
    return number === 0 ? [] : [`${count(number, what)} ${words}.`];
  };
  return [
    ...(details === 0 ? [] : [`${count(details, 'run')} ${loses} the details that an undo needs.`]),
    ...gone(runs, 'run'),
    ...gone(cases, 'closed case'),
  ].join('\n');
}

function summaryOf(run: RunSummary): Record<string, unknown> {
  const { id, kind, trigger, status, startedAt, finishedAt, problem } = run;
  return { runId: id, kind, trigger, status, startedAt, finishedAt, problem };
}

type StatusWords = Readonly<Record<RunStatus, string>>;

/** In a store that others use too, a run that has not ended may be in the hands of another process. */
function wordsFor(storeIsOurs: boolean): StatusWords {
  return storeIsOurs
    ? STATUS_WORDS
    : { ...STATUS_WORDS, running: 'under way, or cut off; in that case the same command continues it' };
}

/** A question that nobody has answered is no run that goes on. */
function wordOf({ phase, status }: RunSummary, words: StatusWords): string {
  return phase === 'planned' && status === 'running'
    ? 'asked, and not answered; nothing was written'
    : words[status];
}

function renderRuns(style: TextStyle, runs: readonly RunSummary[], words: StatusWords): string {
  if (runs.length === 0) return 'There have been no runs yet. Start one with: rollcall import';
  return renderTable(style, {
    head: ['Run', 'Kind', 'Started by', 'Started', 'Took', 'Changes', 'Outcome'],
    right: [5],
    indent: 0,
    rows: runs.map((run) => [
      run.id,
      run.kind,
      TRIGGER_WORDS[run.trigger],
      moment(run.startedAt),
      run.finishedAt === null ? '' : duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)),
      run.report === null ? '' : run.report.outcomes.confirmed.toLocaleString('en-US'),
      wordOf(run, words),
    ]),
  });
}

function renderRun(style: TextStyle, run: RunSummary, words: StatusWords): string {
  // A report may say it already.
  const { problem: reason, report } = run;
  const problem =
    reason === null || report?.notes.includes(reason) === true
      ? []
      : ['', paint(style, 'red', outside(style, reason))];
  if (run.report !== null) return [renderReport(style, run.report), ...problem].join('\n');
  return [`Run ${run.id}: ${wordOf(run, words)}. Started ${moment(run.startedAt)}`, ...problem].join('\n');
}
