#!/usr/bin/env node
import { runCli } from '../cli/run-cli.ts';
import { keepHeapSmall } from './memory.ts';
import { packageVersion, systemClock } from './surroundings.ts';

keepHeapSmall();

// Whoever reads may leave early (`rollcall runs | head`): the work goes on, it is only not shown any more.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  version: packageVersion(),
  onInterrupt: (listener) => {
    process.on('SIGINT', listener).on('SIGTERM', listener);
    return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
  },
  leave: (exitCode) => process.exit(exitCode),
  // Loaded when a command needs them: help and mistakes should be answered at once.
  openRollcall: async (options) => (await import('./compose.ts')).openRollcall(options),
  findService: async (options, holder) => (await import('./find-service.ts')).findService(options, holder),
  checkSurroundings: async (options) => (await import('./check.ts')).checkSurroundings(options),
  startSandboxes: async (request) => {
    const { startSandboxes } = await import('../sandbox/start.ts');
    const running = await startSandboxes(request);
    const { creatio, webitel, control, credentials } = running;
    return {
      creatio: { ...creatio, ...credentials.creatio },
      webitel: { ...webitel, ...credentials.webitel },
      control,
      close: () => running.close(),
    };
  },
});
