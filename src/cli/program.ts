import { Command, Option } from 'commander';
import { LOG_LEVELS } from '../log/logger.ts';
import { applyCommand } from './apply.ts';
import { approveCommand } from './approve.ts';
import { backupCommand } from './backup.ts';
import { casesCommand } from './cases.ts';
import { checkCommand } from './check.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { demoCommand } from './demo.ts';
import { holdCommand, holdsCommand, releaseCommand } from './holds.ts';
import { importCommand } from './import.ts';
import { matchCommand } from './match.ts';
import { planCommand } from './plan.ts';
import { pushCommand } from './push.ts';
import { restoreCommand } from './restore.ts';
import { runsCommand } from './runs.ts';
import { sandboxCommand } from './sandbox.ts';
import { serveCommand } from './serve.ts';
import type { Pending } from './support/command.ts';
import { syncCommand } from './sync.ts';
import { tokensCommand } from './tokens.ts';
import { undoCommand } from './undo.ts';
import { unlinkCommand } from './unlink.ts';

/** Where commander writes help and usage errors. */
export interface ProgramOutput {
  out(text: string): void;
  err(text: string): void;
  readonly outColumns: number;
  readonly errColumns: number;
}

/** All commands with their options. Parsing fills `pending`; it throws `CommanderError` for help and bad usage. */
export function createProgram(version: string, pending: Pending, output: ProgramOutput): Command {
  const program = new Command('rollcall')
    .description('Keeps the people of a telephony directory and a CRM in step.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('-c, --config <file>', 'the configuration (default: rollcall.yaml in the working folder)')
    .option('--json', 'print exactly one JSON document on standard output')
    .option('-v, --verbose', 'log what is done, on standard error')
    .addOption(new Option('--log-level <level>', 'how much is logged').choices([...LOG_LEVELS]))
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: output.out,
      writeErr: output.err,
      getOutHelpWidth: () => output.outColumns,
      getErrHelpWidth: () => output.errColumns,
    })
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
    .addHelpText(
      'after',
      '\nStart with:\n  rollcall demo          needs nothing\n  rollcall check         once rollcall.yaml is written\n  rollcall import',
    );
  for (const add of [
    demoCommand,
    sandboxCommand,
    checkCommand,
    planCommand,
    applyCommand,
    importCommand,
    pushCommand,
    syncCommand,
    runsCommand,
    approveCommand,
    undoCommand,
    casesCommand,
    unlinkCommand,
    holdCommand,
    holdsCommand,
    releaseCommand,
    matchCommand,
    deadLettersCommand,
    backupCommand,
    restoreCommand,
    tokensCommand,
    serveCommand,
  ]) {
    add(program, pending);
  }
  return program;
}
