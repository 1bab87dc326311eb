/** How texts are prepared for the place where they are shown. */
export interface TextStyle {
  /** A terminal: colours (unless refused) and direction marks; otherwise plain text. */
  readonly isTTY: boolean;
  readonly color: boolean;
  /** Width in characters. */
  readonly columns: number;
}

export type Tone = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const CODES: Readonly<Record<Tone, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Colours a text where colours are shown. */
export function paint(style: TextStyle, tone: Tone, text: string): string {
  const [on, off] = CODES[tone];
  return style.color ? `\u001B[${on}m${text}\u001B[${off}m` : text;
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Characters that control the direction of what follows them, and isolates. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/gu;

/**
 * A text from outside, fit to be shown: control characters can neither move the cursor nor turn round what follows
 * them, and on a terminal a right-to-left name does not turn round what stands beside it.
 */
export function outside(style: TextStyle, text: string): string {
  const plain = text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(DIRECTION_MARKS, '');
  return style.isTTY && RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** A text of several lines that may quote texts from outside; see `outside`. */
export function outsideLines(style: TextStyle, text: string): string {
  return text
    .split('\n')
    .map((line) => outside(style, line))
    .join('\n');
}

/** `1 person`, `3 people`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A span of time in words: `0.4 s`, `12 s`, `3 min 5 s`, `1 h 2 min`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.round(ms / 100) / 10).toString()} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `2026-01-02 03:04:05 UTC` of an ISO time. */
export function moment(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}
