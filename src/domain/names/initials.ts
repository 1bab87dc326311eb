/** The first letter of a reading, in classes: what an initial of it may look like. */
export function initialClass(reading: string): string {
  const letter = reading.charAt(0);
  return CLASSES.get(letter) ?? letter;
}

/** Е, Є, Ё, Я and Ю may all be written with an I or Y; О is А in Belarusian; Г and Х are both H. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['е', 'и'],
  ['о', 'а'],
  ['х', 'г'],
]);
