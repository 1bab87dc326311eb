import { foldArabic } from './arabic.ts';
import { scriptOf } from './fold.ts';
import { arabicGivenName } from './given-names.ts';
import { ARTICLES, KINSHIP, KUNYA, SERVANT, WESTERN_PARTICLES } from './tables/words.ts';

/** A word of a name with the particles before it that do not belong to its spelling: `al`, `bin`, `abu`. */
export interface Particled {
  readonly word: string;
  /** In the order al, bin, abu, joined by blanks; empty when there are none. */
  readonly particles: string;
}

/**
 * Puts particles to the words that they belong to. Western ones become part of the word (van der Berg), so does the servant
 * of Arabic names (Abd al-Rahman); article, kinship and kunya are kept beside it, for some writers leave them out.
 */
export function joinParticles(words: readonly string[]): readonly Particled[] {
  if (words.every(isOrdinary)) return words.map((word) => ({ word, particles: '' }));
  const joined: Particled[] = [];
  let before = '';
  let servant = false;
  const particles = new Set<string>();
  for (let place = 0; place < words.length; place += 1) {
    const written = words[place] ?? '';
    const isArabic = scriptOf(written) === 'arabic';
    const word = isArabic ? foldArabic(written) : written;
    const isLast = place === words.length - 1;
    const mayBeParticle = !isLast && (isArabic || words.length > 2);
    const kind = mayBeParticle ? kindOf(word, place, words.length) : null;
    if (kind === 'western') {
      before += word;
      continue;
    }
    if (kind === 'servant') {
      servant = true;
      continue;
    }
    if (kind !== null) {
      particles.add(kind);
      continue;
    }
    if (word === '') continue;
    const { base, hasArticle, isServant } = withoutArticle(word);
    if (servant || isServant) joined.push({ word: servantOf(base, isArabic), particles: inOrder(particles) });
    else {
      if (hasArticle) particles.add('al');
      joined.push({ word: before + base, particles: inOrder(particles) });
    }
    before = '';
    servant = false;
    particles.clear();
  }
  return joined;
}

type Kind = 'western' | 'servant' | 'al' | 'bin' | 'abu';

function kindOf(word: string, place: number, count: number): Kind | null {
  const plain = word.replaceAll('.', '');
  if (SERVANT.has(plain)) return 'servant';
  // Ben is a given name when it comes first.
  if (KINSHIP.has(plain)) return plain === 'ben' && place === 0 ? null : 'bin';
  if (KUNYA.has(plain)) return 'abu';
  if (ARTICLES.has(plain) && count > 2) return 'al';
  return WESTERN_PARTICLES.has(plain) ? 'western' : null;
}

export function isParticle(word: string): boolean {
  return (
    SERVANT.has(word) ||
    KINSHIP.has(word) ||
    KUNYA.has(word) ||
    ARTICLES.has(word) ||
    WESTERN_PARTICLES.has(word)
  );
}

/** No particle, and none before it: of the words with a dash, double surnames have none. */
export function isOrdinary(word: string): boolean {
  if (/[\u0600-\u06ff]/.test(word)) return false;
  const dash = word.indexOf('-');
  if (dash >= 0 && isParticle(word.slice(0, dash))) return false;
  return word.length > 5 || !isParticle(word);
}

function withoutArticle(word: string): { base: string; hasArticle: boolean; isServant: boolean } {
  if (word.includes('-')) {
    const [first = '', ...rest] = word.split('-');
    const base = rest.join('-');
    if (base !== '' && SERVANT.has(first)) {
      const [article = '', ...others] = rest;
      return {
        base: ARTICLES.has(article) && others.length > 0 ? others.join('-') : base,
        hasArticle: false,
        isServant: true,
      };
    }
    if (base !== '' && ARTICLES.has(first)) return { base, hasArticle: true, isServant: false };
    return { base: word, hasArticle: false, isServant: false };
  }
  // Ilham is written الهام: what looks like the article is part of the name.
  const isArticle =
    word.startsWith('ال') && word.length >= 5 && word !== 'الله' && arabicGivenName(word) === null;
  return isArticle
    ? { base: word.slice(2), hasArticle: true, isServant: false }
    : { base: word, hasArticle: false, isServant: false };
}

function servantOf(base: string, isArabic: boolean): string {
  if (isArabic) return base === 'الله' ? 'عبدالله' : `عبدال${base.replace(/^ال/u, '')}`;
  if (/^a?ll?ah?$/u.test(base)) return 'abdullah';
  return /[а-яґєіїё]/u.test(base) ? `абдул${base}` : `abdul${base}`;
}

function inOrder(particles: ReadonlySet<string>): string {
  if (particles.size === 0) return '';
  return ['al', 'bin', 'abu'].filter((particle) => particles.has(particle)).join(' ');
}
