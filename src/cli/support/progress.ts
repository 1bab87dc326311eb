import cliProgress from 'cli-progress';
import type { Clock } from '../../app/ports/clock.ts';
import type { Progress, ProgressEvent } from '../../app/ports/progress.ts';
import type { Terminal } from '../context.ts';
import { duration } from '../render/text.ts';

/** Without a terminal, a line appears at most so often, in milliseconds. */
const LINE_EVERY_MS = 3000;

const PHASES: Readonly<
  Record<Exclude<ProgressEvent['phase'], 'done'>, readonly [verb: string, unit: string]>
> = {
  reading: ['Reading', 'people'],
  matching: ['Matching', 'people'],
  applying: ['Writing', 'changes'],
  verifying: ['Verifying', 'changes'],
};

/** What shows the progress of a run. */
export interface ProgressView {
  /** Takes the bar off the terminal while something else is written. */
  pause(): void;
  end(): void;
}

/** A bar with counts and time left on a terminal, else one line every few seconds. */
export function showProgress(progress: Progress, terminal: Terminal, clock: Clock): ProgressView {
  return terminal.isTTY === true ? showBar(progress, terminal, clock) : showLines(progress, terminal, clock);
}

function showBar(progress: Progress, terminal: Terminal, clock: Clock): ProgressView {
  let bar: { phase: ProgressEvent['phase']; shown: cliProgress.SingleBar } | null = null;
  const stop = (): void => {
    bar?.shown.stop();
    bar = null;
  };
  const unsubscribe = progress.subscribe((event) => {
    if (event.phase !== bar?.phase) stop();
    if (event.phase === 'done' || event.total === 0) return;
    if (bar === null) {
      const startedAt = clock.now();
      const startedWith = event.done;
      const shown = new cliProgress.SingleBar({
        stream: terminal,
        hideCursor: false,
        clearOnComplete: true,
        format: (_options, params, payload: unknown) => {
          const current = isEvent(payload) ? payload : event;
          const left = timeLeft(current, startedWith, clock.now() - startedAt);
          const drawn = current.total === null ? '' : `${drawBar(params.progress)} `;
          return `${sentence(current, drawn)}${left === null ? '' : `, ${left} left`}`;
        },
      });
      bar = { phase: event.phase, shown };
      shown.start(Math.max(event.total ?? event.done, 1), event.done, event);
    }
    bar.shown.setTotal(Math.max(event.total ?? event.done + 1, 1));
    bar.shown.update(event.done, event);
  });
  return {
    pause: stop,
    end: () => {
      unsubscribe();
      stop();
    },
  };
}

function showLines(progress: Progress, terminal: Terminal, clock: Clock): ProgressView {
  let last: { phase: ProgressEvent['phase']; at: number } | null = null;
  let phaseStart = { at: 0, done: 0 };
  const unsubscribe = progress.subscribe((event) => {
    const now = clock.now();
    if (event.phase !== last?.phase) phaseStart = { at: now, done: event.done };
    else if (now - last.at < LINE_EVERY_MS) return;
    last = { phase: event.phase, at: now };
    if (event.phase === 'done' || event.total === 0) return;
    const left = timeLeft(event, phaseStart.done, now - phaseStart.at);
    terminal.write(`${sentence(event, '')}${left === null ? '' : `, ${left} left`}\n`);
  });
  return { pause: () => undefined, end: unsubscribe };
}

function sentence(event: ProgressEvent, bar: string): string {
  if (event.phase === 'done') return '';
  const [verb, unit] = PHASES[event.phase];
  const done = event.done.toLocaleString('en-US');
  // Systems hold more than they announced at times: a total that is exceeded says nothing.
  return event.total === null || event.done > event.total
    ? `${verb}: ${bar}${done} ${unit}`
    : `${verb}: ${bar}${done} of ${event.total.toLocaleString('en-US')} ${unit}`;
}

function timeLeft(event: ProgressEvent, startedWith: number, elapsedMs: number): string | null {
  const doneSince = event.done - startedWith;
  if (event.total === null || doneSince <= 0 || event.total <= event.done || elapsedMs < 1000) return null;
  return duration((elapsedMs / doneSince) * (event.total - event.done));
}

function drawBar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * 24);
  return `[${'='.repeat(full)}${' '.repeat(24 - full)}]`;
}

function isEvent(payload: unknown): payload is ProgressEvent {
  return typeof payload === 'object' && payload !== null && 'phase' in payload && 'done' in payload;
}
