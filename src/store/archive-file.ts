import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { RollcallError } from '../app/ports/errors.ts';

/**
 * A backup is gzip of lines, each a JSON document: a header, one line for each row, a footer with the counts and the
 * digest of everything before it. Whatever was cut off or altered does not fit its footer.
 */
export const ARCHIVE_FORMAT = 1;

export const ArchiveHeader = z.object({
  rollcall: z.literal('backup'),
  format: z.number().int().positive(),
  /** Version of the tables. */
  schema: z.number().int().positive(),
  /** Version of the product. */
  product: z.string(),
  createdAt: z.iso.datetime(),
  /** The tables in the order of their rows, with their columns. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
});
export type ArchiveHeader = z.infer<typeof ArchiveHeader>;

const Marked = z.object({ rollcall: z.literal('backup'), format: z.number(), product: z.string() });

const Footer = z.strictObject({
  rows: z.record(z.string(), z.number().int().nonnegative()),
  /** In hexadecimal, of all lines before this one with their ends. */
  sha256: z.string(),
});
export type ArchiveFooter = z.infer<typeof Footer>;

/** A row keeps the text that the database made of it: its numbers would not all survive being parsed. */
export interface ArchivedRow {
  readonly table: string;
  readonly json: string;
}

const ROW = /^\{"table":"([^"\\]+)","row":(\{.*\})\}$/su;

export function rowLine({ table, json }: ArchivedRow): string {
  return `{"table":${JSON.stringify(table)},"row":${json}}`;
}

/** Takes in the lines before the footer, ends included. */
export function createDigest(): { add(line: string): void; end(): string } {
  const hash = createHash('sha256');
  return { add: (line) => void hash.update(line), end: () => hash.digest('hex') };
}

/** A backup as it is read: its header first, then row after row. */
export interface ArchiveReading {
  readonly header: ArchiveHeader;
  /** Ends only when the footer has confirmed every row; else it throws. */
  rows(): AsyncGenerator<ArchivedRow, ArchiveFooter>;
  close(): Promise<void>;
}

/**
 * Opens a backup.
 *
 * @param name the file as messages name it
 * @throws RollcallError `USAGE`, `VALIDATION` or `CONFIGURATION` (a newer format)
 */
export async function openArchive(path: string, name = path): Promise<ArchiveReading> {
  const lines = linesOf(path, name);
  const digest = createDigest();
  let header: ArchiveHeader;
  try {
    const first = await lines.next();
    if (first.done === true) throw damaged(name, 'it is empty');
    header = readHeader(first.value, name);
    digest.add(`${first.value}\n`);
  } catch (error) {
    await lines.return();
    throw error;
  }
  return {
    header,
    async *rows() {
      const counts: Record<string, number> = Object.fromEntries(
        header.tables.map((table) => [table.name, 0]),
      );
      for await (const line of lines) {
        const [, table, json] = ROW.exec(line) ?? [];
        if (table === undefined || json === undefined) return await readFooter(line, counts);
        const count = counts[table];
        if (count === undefined) throw damaged(name, `its header knows no table ${table}`);
        counts[table] = count + 1;
        digest.add(`${line}\n`);
        yield { table, json };
      }
      throw damaged(name, 'its end is missing');

      async function readFooter(line: string, counted: Record<string, number>): Promise<ArchiveFooter> {
        const footer = Footer.safeParse(parsed(line));
        if (!footer.success) throw damaged(name, 'a line is neither a row nor its end');
        const isWhole = Object.entries(counted).every(([table, count]) => footer.data.rows[table] === count);
        if (!isWhole || footer.data.sha256 !== digest.end())
          throw damaged(name, 'its content is not what was written');
        if ((await lines.next()).done !== true) throw damaged(name, 'something follows its end');
        return footer.data;
      }
    },
    close: async () => void (await lines.return()),
  };
}

function readHeader(line: string, name: string): ArchiveHeader {
  const document = parsed(line);
  const marked = Marked.safeParse(document);
  if (!marked.success) throw notOne(name);
  if (marked.data.format > ARCHIVE_FORMAT)
    throw new RollcallError(
      'CONFIGURATION',
      `${name} was made by Rollcall ${marked.data.product}, in a form that this version does not know.`,
      { cure: `Install Rollcall ${marked.data.product} or a newer one, and restore it with that.` },
    );
  const header = ArchiveHeader.safeParse(document);
  if (!header.success) throw damaged(name, 'its header cannot be read');
  return header.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LINE_END = 0x0a;

/** Lines end with \n alone: other line ends of Unicode may stand in a row. The last one has to end, too. */
async function* linesOf(path: string, name: string): AsyncGenerator<string, void, void> {
  const file = createReadStream(path);
  const text = createGunzip();
  file.on('error', (error) => text.destroy(error));
  let begun: Buffer[] = [];
  let isFirst = true;
  try {
    for await (const chunk of file.pipe(text) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, from)) {
        begun.push(chunk.subarray(from, end));
        const line = Buffer.concat(begun).toString('utf8');
        begun = [];
        from = end + 1;
        isFirst = false;
        yield line;
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
    }
  } catch (error) {
    throw toArchiveError(error, name, isFirst);
  } finally {
    file.destroy();
    text.destroy();
  }
  if (begun.length > 0) throw isFirst ? notOne(name) : damaged(name, 'its end is missing');
}

function toArchiveError(error: unknown, name: string, isFirst: boolean): unknown {
  if (error instanceof RollcallError || !types.isNativeError(error)) return error;
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'Z_BUF_ERROR') return damaged(name, 'its end is missing');
  if (typeof code === 'string' && code.startsWith('Z_'))
    return isFirst && /header check/u.test(error.message)
      ? notOne(name)
      : damaged(name, 'it does not unpack');
  if (Reflect.get(error, 'syscall') === undefined) return error;
  return new RollcallError('USAGE', `${name} cannot be read.`, {
    cure: 'Name a file that exists and that this account may read.',
    cause: error,
  });
}

function notOne(name: string): RollcallError {
  return new RollcallError('USAGE', `${name} is no backup of Rollcall.`, {
    cure: 'Name a file that `rollcall backup` has written.',
  });
}

function damaged(name: string, why: string): RollcallError {
  return new RollcallError('VALIDATION', `${name} is damaged: ${why}. Nothing was restored.`, {
    cure: 'Copy it again from where it was kept, or restore another backup.',
  });
}
