/**
 * What no standard, lost caron, Belarusian spelling or doubled letter changes in a reading: vowels in three classes, and
 * of the consonants г х are one, с ш, з ж, and ц ч; щ is сц. Names meet by it to be looked at, never to be believed.
 */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['х', 'г'],
  ['ж', 'з'],
  ['ш', 'с'],
  ['ч', 'ц'],
  ['щ', 'сц'],
  ['ъ', 'а'],
]);

export function skeletonsOf(levelled: readonly string[]): readonly string[] {
  const skeletons = levelled.map(skeletonOf);
  return skeletons.length === 1 ? skeletons : [...new Set(skeletons)];
}

function skeletonOf(levelled: string): string {
  let skeleton = '';
  for (let place = 0; place < levelled.length; place += 1) {
    const letter = levelled.charAt(place);
    const one = CLASSES.get(letter) ?? letter;
    if (!skeleton.endsWith(one)) skeleton += one;
  }
  return skeleton;
}
