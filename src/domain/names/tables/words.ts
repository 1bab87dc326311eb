/** Titles and forms of address that people put beside a name, folded, without dots. Our own list. */
export const TITLES: ReadonlySet<string> = new Set(
  [
    'mr mrs ms miss dr prof eng sir madam phd md mba msc jr sr',
    'пан пані г-н г-жа д-р др проф інж инж акад канд доц ктн кен дтн',
    'السيد السيدة الدكتور الدكتورة دكتور دكتورة المهندس مهندس الاستاذ استاذ الشيخ',
  ]
    .join(' ')
    .split(' '),
);

/** Words that announce an extension; they and the number after them are no part of a name. */
export const EXTENSION_WORDS: ReadonlySet<string> = new Set(
  'ext extn extension x tel phone вн внутр внутрішній внутренний доб добавочный тел тлф номер no №'.split(
    ' ',
  ),
);

/** "Son of", "daughter of": they tie two Arabic names together and are themselves no name. */
export const KINSHIP: ReadonlySet<string> = new Set('bin ibn bint ben ould بن ابن بنت'.split(' '));

/** Arabic words that belong to the name after them: father of, servant of. */
export const ARABIC_PREFIXES: ReadonlySet<string> = new Set(
  'abu abou abd abdel abdul ابو ابي عبد'.split(' '),
);

/** The Arabic article in Latin letters, with its assimilated forms (al-Sabah, as-Sabah, el-Sayed). */
export const ARTICLES: ReadonlySet<string> = new Set(
  'al el ad ar as ash at az an аль ель эль ад ар ас аш ан'.split(' '),
);

/** Western particles that belong to the surname after them. */
export const WESTERN_PARTICLES: ReadonlySet<string> = new Set(
  'van von der den de del della di da du dos la le ter ten mac mc st san фон ван де'.split(' '),
);
