// Matches two lists in a process of its own and says how long it took and how much memory the process had at its peak.
// node child.mjs MATCHER LEFT RIGHT; the lists are files of one JSON object a line. Prints one line of JSON.
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [matcher = '', leftFile = '', rightFile = ''] = process.argv.slice(2);

async function readList(file) {
  const entries = [];
  for await (const line of createInterface({ input: createReadStream(file) })) entries.push(JSON.parse(line));
  return entries;
}

/** In megabytes; the system's own mark where it keeps one. */
function peak() {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/mu.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}

const { matchLists } = await import(pathToFileURL(matcher).href);
const left = await readList(leftFile);
const right = await readList(rightFile);
const before = process.memoryUsage().rss / 2 ** 20;
const start = performance.now();
const decisions = matchLists(left, right);
const seconds = (performance.now() - start) / 1000;
const automatic = decisions.filter(({ decision }) => decision === 'auto').length;
process.stdout.write(`${JSON.stringify({ seconds, before, peak: peak(), automatic })}\n`);
