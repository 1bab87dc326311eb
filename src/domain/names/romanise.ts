import { ROMANISATIONS, type Romanisation } from './tables/romanisation.ts';

interface Table {
  readonly standard: Romanisation;
  readonly letters: ReadonlyMap<string, string>;
  readonly initials: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

const tables: readonly Table[] = ROMANISATIONS.map((standard) => {
  const rows = standard.letters.split(', ').map((row) => row.split(' '));
  const latin = (text: string): string => (text === '-' ? '' : text);
  return {
    standard,
    letters: new Map(rows.map(([letter = '', plain = '']) => [letter, latin(plain)])),
    initials: new Map(
      rows.flatMap(([letter = '', , initial]): [string, string][] =>
        initial === undefined ? [] : [[letter, initial]],
      ),
    ),
    groups: new Map(
      (standard.groups ?? '').split(', ').map((row) => [row.split(' ')[0] ?? '', row.split(' ')[1] ?? '']),
    ),
  };
});

/** Folded Cyrillic text in the Latin letters of one standard; letters that it does not know stay. */
export function romanise(text: string, standard: Romanisation): string {
  const table = tables.find((one) => one.standard === standard);
  return table === undefined ? text : withTable(text, table);
}

function withTable(text: string, { standard, letters, initials, groups }: Table): string {
  let written = '';
  let previous = ' ';
  for (let position = 0; position < text.length; position += 1) {
    const letter = text.charAt(position);
    const group = groups.get(text.slice(position, position + 2));
    if (group !== undefined) {
      written += group;
      position += 1;
      previous = text.charAt(position);
      continue;
    }
    const isInitial =
      !/\p{L}/u.test(previous) && previous !== "'"
        ? true
        : standard.initialAfterVowels === true && /[аеёиоуыэюяьъй']/u.test(previous);
    written += (isInitial ? initials.get(letter) : undefined) ?? letters.get(letter) ?? letter;
    previous = letter;
  }
  return written;
}

/** The first standard by which the Latin name is written as the Cyrillic one; words in any order, patronymic optional. */
export function standardOf(cyrillic: string, latin: string): Romanisation | null {
  const words = latin.split(' ');
  for (const table of tables) {
    const romanised = withTable(cyrillic, table).split(' ');
    if (words.every((word) => romanised.includes(word))) return table.standard;
  }
  return null;
}
