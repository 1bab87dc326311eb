import type { SlavicGiven } from './slavic-given.ts';

export interface PatronymicForms {
  ukrainian: string;
  russian: string;
}

const UKRAINIAN_STEMS: Readonly<Record<string, string>> = {
  Микола: 'Микола',
  Григорій: 'Григор',
  Яків: 'Яков',
  Федір: 'Федор',
  Лев: 'Льв',
  Петро: 'Петр',
  Михайло: 'Михайл',
  Дмитро: 'Дмитр',
  Павло: 'Павл',
  Данило: 'Данил',
  Кирило: 'Кирил',
  Марко: 'Марк',
  Антін: 'Антон',
};

/** The patronymic of somebody whose father bears this name; names that form it irregularly give nothing. */
export function patronymicOf(father: SlavicGiven, isFemale: boolean): PatronymicForms | undefined {
  const ukrainian = ofUkrainian(father.ukrainian, isFemale);
  const russian = ofRussian(father.russian, isFemale);
  return ukrainian === undefined || russian === undefined ? undefined : { ukrainian, russian };
}

function ofUkrainian(name: string, isFemale: boolean): string | undefined {
  if (name === 'Микола') return isFemale ? 'Миколаївна' : 'Миколайович';
  if (name === 'Ілля') return isFemale ? 'Іллівна' : 'Ілліч';
  const stem = UKRAINIAN_STEMS[name] ?? name;
  if (stem.endsWith('й')) return stem.slice(0, -1) + (isFemale ? 'ївна' : 'йович');
  if (/[аяоіе]$/u.test(stem)) return undefined;
  const bare = stem.replace(/ь$/u, '');
  return bare + (isFemale ? 'івна' : 'ович');
}

function ofRussian(name: string, isFemale: boolean): string | undefined {
  if (name === 'Илья') return isFemale ? 'Ильинична' : 'Ильич';
  if (name === 'Павел') return isFemale ? 'Павловна' : 'Павлович';
  if (name === 'Петр') return isFemale ? 'Петровна' : 'Петрович';
  if (name === 'Лев') return isFemale ? 'Львовна' : 'Львович';
  if (name === 'Михаил') return isFemale ? 'Михайловна' : 'Михайлович';
  if (name === 'Яков') return isFemale ? 'Яковлевна' : 'Яковлевич';
  if (name === 'Дмитрий') return isFemale ? 'Дмитриевна' : 'Дмитриевич';
  if (name.endsWith('ий')) return `${name.slice(0, -2)}ь${isFemale ? 'евна' : 'евич'}`;
  if (/[йь]$/u.test(name)) return name.slice(0, -1) + (isFemale ? 'евна' : 'евич');
  if (/[аяо]$/u.test(name)) return undefined;
  return name + (isFemale ? 'овна' : 'ович');
}
