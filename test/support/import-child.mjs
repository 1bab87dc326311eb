// Imports in a process of its own, with the built product, and kills itself at a moment of the run where it is told to.
// node import-child.mjs CONFIG [MOMENT NTH [RUN]]: with RUN, undoes that run; prints one line of JSON at the end.
import { openRollcall } from '../../dist/src/bin/compose.js';

const [configPath = '', fatal = '', nth = '1', undoes] = process.argv.slice(2);
let left = Number(nth);

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

try {
  const opened = await openRollcall({
    configPath,
    env: process.env,
    logger: silent,
    onSecrets: () => undefined,
    onMoment: (moment) => {
      if (moment !== fatal) return;
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
    },
  });
  const options = { trigger: 'command', confirm: async () => true };
  const { rollcall } = opened;
  const { report, resumed } = await (undoes === undefined
    ? rollcall.import(options)
    : rollcall.undo(undoes, options));
  await opened.close();
  process.stdout.write(`${JSON.stringify({ status: report.status, resumed })}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ code: error.code, message: error.message })}\n`);
  process.exitCode = 1;
}
