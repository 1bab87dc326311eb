import type { Command } from 'commander';
import type { Finding } from '../app/rollcall.ts';
import { outside, paint, type TextStyle, type Tone } from './render/text.ts';
import { openOptions, type Pending, perform } from './support/command.ts';
import { EXIT } from './support/exit.ts';

export function checkCommand(program: Command, pending: Pending): void {
  const command = program
    .command('check')
    .description('Checks connections, rights, mapping and policy; nothing is changed')
    .addHelpText('after', '\nExample:\n  rollcall check');
  perform(command, pending, async (surroundings) => {
    const { output, context } = surroundings;
    const findings = await context.checkSurroundings(openOptions(surroundings));
    const ok = !findings.some(({ severity }) => severity === 'error');
    output.result(renderFindings(output.style, findings), { ok, findings });
    return ok ? EXIT.done : EXIT.error;
  });
}

const SIGNS: Readonly<Record<Finding['severity'], readonly [Tone, string]>> = {
  ok: ['green', 'ok     '],
  warning: ['yellow', 'warning'],
  error: ['red', 'error  '],
};

function renderFindings(style: TextStyle, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ severity, message, cure }) => {
    const [tone, word] = SIGNS[severity];
    return [
      `${paint(style, tone, word)}  ${outside(style, message)}`,
      ...(cure === null || severity === 'ok' ? [] : [`         ${outside(style, cure)}`]),
    ];
  });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const verdict =
    errors > 0
      ? `An import will not work: ${errors} to be corrected.`
      : warnings > 0
        ? `An import will work; look at ${warnings === 1 ? 'the warning' : `the ${warnings} warnings`}.`
        : 'All is well.';
  return [...lines, '', verdict].join('\n');
}
