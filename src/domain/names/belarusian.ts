import type { Tongue } from './given-names.ts';
import { readingsOf } from './reading.ts';
import type { Hand } from './tables/readings.ts';

/** `yes`: the spelling is Belarusian; `no`: it is another; `null`: it does not show. */
export type Mark = 'yes' | 'no' | null;

/** Letters, groups and endings that only Belarusian spelling has (шч apart, which others have rarely), and those it lacks. */
const BELARUSIAN =
  /ў|ŭ(?=[a-z])|шч|рэ|[оеаэ]віч$|[сц]кая$(?<=і.*)|сц[еёіюя]|дз[еёіюя]|.{3}ава$|(?:аў|еў|эў)на$|(?:a|ie|e)[uwŭ]na$|avi(?:ch|č)$|[ae]nka$|tsy[ae]|dz[ie]/u;
const NOT_BELARUSIAN = /[ищъїєґ]|ovi?(?:ch|č|tch)$|ovych$/u;

/** Does a folded word show that it is Belarusian, or that it is not? `tongues`: whose given name it is. */
export function markOf(word: string, tongues: ReadonlySet<Tongue> | null): Mark {
  if (tongues !== null) {
    if (tongues.has('be')) return tongues.size === 1 ? 'yes' : null;
    return tongues.has('uk') || tongues.has('ru') || tongues.has('bg') ? 'no' : null;
  }
  if (NOT_BELARUSIAN.test(word)) return 'no';
  return BELARUSIAN.test(word) || (/[ыэё]/u.test(word) && word.includes('і')) ? 'yes' : null;
}

/**
 * Belarusian writes what is heard: unstressed о and е are а and я, soft д and т are дз and ц, в is ў, and л at the end may
 * be ў. Where the stress lies is not written, so a Belarusian spelling and a Russian or Ukrainian one meet by what is left
 * when these differences are taken away: Цярэшчанка and Терещенко, Вайцяховіч and Войтехович. Two spellings of one
 * language are never compared so. Source: the rules of Belarusian orthography of 2008, §§ 1–21.
 *
 * `levelled`: the readings of the word, see `level`.
 */
export function akanye(word: string, levelled: readonly string[], hand: Hand): readonly string[] {
  const other = hardened(word);
  const all = other === word ? levelled : [...levelled, ...readingsOf(other, hand).map(level)];
  return [...new Set(all.filter((one) => !one.includes('ѡ')))];
}

/** Soft дз and ц as the т and д that they come from. */
function hardened(word: string): string {
  if (/[a-z]/u.test(word))
    return word.replace(/dz(?=[ieyj])/gu, 'd').replace(/t?(?:ts|c)(?=[iey]|j[aeu])|ć/gu, 't');
  return /[иїєґщ]/u.test(word)
    ? word
    : word.replace(/дз(?=[іеёюяь])/gu, 'д').replace(/ц?ц(?=[іеёюяь])/gu, 'т');
}

/**
 * A reading without the differences that akanye and ў make: а, о, е, я and ё are а, у before a consonant is в at the
 * beginning and after a vowel, ю is у, шч is щ, and no letter stands twice in a row.
 */
export function level(reading: string): string {
  let levelled = '';
  for (let place = 0; place < reading.length; place += 1) {
    const letter = reading.charAt(place);
    const next = reading.charAt(place + 1);
    let one = letter;
    if (letter === 'и' && next !== '' && 'аеоу'.includes(next)) continue;
    if (letter === 'о' || letter === 'е') one = 'а';
    else if (letter === 'у' && (next === '' || !VOWELS.includes(next))) {
      const before = reading.charAt(place - 1);
      if ((before === '' && next !== '') || (before !== '' && 'аео'.includes(before))) one = 'в';
    } else if (letter === 'ч' && levelled.endsWith('ш')) {
      levelled = `${levelled.slice(0, -1)}щ`;
      continue;
    }
    if (!levelled.endsWith(one)) levelled += one;
  }
  return levelled;
}

const VOWELS = 'аеиоуъ';
