import { nameOf, type Name } from './name.ts';
import { parseRead, readFolded } from './parse.ts';
import { PlainNames } from './plain-names.ts';
import { WordTable } from './word-reader.ts';

/**
 * Reads many names as `readName` does; words that come again are read once, and plain names of like words are understood
 * once. For one batch: what it remembers goes with it.
 */
export function createNameReader(): (text: string) => Name {
  const words = new WordTable();
  const plain = new PlainNames();
  return (text) => {
    const read = readFolded(text, words);
    // Where no given name is known, the keyboard may have been set to another layout.
    return read.kind === 'plain' && read.words.some(({ given }) => given !== null)
      ? plain.understand(read.written, read.words)
      : nameOf(parseRead(text, read, words));
  };
}
