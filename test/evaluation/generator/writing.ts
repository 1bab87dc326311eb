import type { Random } from '../random.ts';
import { ARABIC_NOISE, CYRILLIC_NOISE, LATIN_NOISE } from '../tables/noise.ts';
import type { Corruption, Language, Person, Script } from '../types.ts';
import { otherLayout, withInvisible, withLookAlikes } from './slips.ts';
import type { Parts, Side } from './spelling.ts';

interface Context {
  readonly person: Person;
  readonly side: Side;
  readonly script: Script;
  readonly language: Language;
  readonly extension: string | undefined;
}

const NOISE: Readonly<Record<Script, readonly string[]>> = {
  Cyrillic: CYRILLIC_NOISE,
  Latin: LATIN_NOISE,
  Arabic: ARABIC_NOISE,
};

const RATES: Readonly<
  Record<Side, Readonly<Record<'surnameFirst' | 'noise' | 'layout' | 'lookAlikes' | 'invisible', number>>>
> = {
  left: { surnameFirst: 0.5, noise: 0.08, layout: 0.003, lookAlikes: 0.01, invisible: 0.01 },
  right: { surnameFirst: 0.68, noise: 0.03, layout: 0.002, lookAlikes: 0.01, invisible: 0.01 },
};

/** Puts the parts of a name together as one side does, with what goes wrong on the way. */
export function compose(
  parts: Parts,
  context: Context,
  corruptions: Set<Corruption>,
  random: Random,
): string {
  const rates = RATES[context.side];
  let name = inCase(inOrder(parts, context, corruptions, random), parts, corruptions, random);
  // Whoever types on the wrong layout, or with a letter from the other alphabet, does not also decorate.
  if (context.script !== 'Arabic' && random.chance(rates.layout)) {
    corruptions.add('keyboard layout');
    return otherLayout(name, context.language === 'ru' || context.language === 'be' ? 'ru' : 'uk');
  }
  if (context.script !== 'Arabic' && random.chance(rates.lookAlikes)) {
    const mixed = withLookAlikes(name, random);
    if (mixed !== name) corruptions.add('look-alike letters');
    name = mixed;
  }
  if (random.chance(rates.noise)) {
    corruptions.add('noise');
    const number = context.extension ?? String(100 + random.below(900));
    const frame = random.pick(NOISE[context.script]);
    name = frame.replaceAll(/[%#]/gu, (sign) => (sign === '%' ? name : number));
  }
  if (random.chance(rates.invisible)) {
    const changed = withInvisible(name, random);
    if (changed !== name) corruptions.add('invisible characters');
    name = changed;
  }
  return name;
}

function inOrder(
  { given, second, surname }: Parts,
  { person, side, script }: Context,
  corruptions: Set<Corruption>,
  random: Random,
): string {
  const first = second === null ? given : `${given} ${second}`;
  const isInitials = /^\S\.( \S\.)?$/u.test(first);
  const names = isInitials && random.chance(0.5) ? first.replace(' ', '') : first;
  const isForeign = person.language === 'en' || person.language === 'ar';
  if (!random.chance(isForeign ? 0.12 : RATES[side].surnameFirst)) return `${names} ${surname}`;
  corruptions.add('token order');
  return script === 'Latin' && random.chance(0.15) ? `${surname}, ${names}` : `${surname} ${names}`;
}

function inCase(name: string, { surname }: Parts, corruptions: Set<Corruption>, random: Random): string {
  const way = random.weighted({ usual: 91, surname: 5, upper: 2, lower: 2 });
  if (way === 'usual') return name;
  corruptions.add('letter case');
  if (way === 'surname') return name.replace(surname, surname.toUpperCase());
  return way === 'upper' ? name.toUpperCase() : name.toLowerCase();
}
