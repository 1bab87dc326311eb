/** Titles and forms of address that people put beside a name, folded, without dots. Our own list. */
export const TITLES: ReadonlySet<string> = words(`
  mr mrs ms miss dr prof eng ing sir madam phd md mba msc bsc jr sr
  пан пані г-н г-жа гн гжа д-р др проф інж инж акад канд доц ктн кен дтн спец
  السيد السيده الدكتور الدكتوره دكتور دكتوره المهندس مهندس الاستاذ استاذ الشيخ د م ا
`);

/** Titles that are surnames, too: before a name that is complete without them they may be either. */
export const TITLES_OR_SURNAMES: ReadonlySet<string> = words('السيد السيده الشيخ');

/** Words that announce an extension; they and the number after them are no part of a name. */
export const EXTENSION_WORDS: ReadonlySet<string> = words(
  'ext extn extension x tel phone вн внутр внутрішній внутренний доб добавочный тел тлф номер no №',
);

/**
 * Words that name a place of work, a queue or a shared telephone and no person. A name that has one of them and no given
 * name is a label: it is never taken for somebody. Our own list.
 */
export const LABELS: ReadonlySet<string> = words(`
  call center centre contact support sales helpdesk desk help service services office reception queue line hotline
  department dept team group branch store shop warehouse security guard info admin administrator manager operator test
  accounting finance marketing logistics delivery purchasing hr it room conference fax
  відділ відділення продажів продаж закупівель підтримка підтримки склад бухгалтерія офіс рецепція приймальня черга лінія
  група команда філія магазин охорона пост оператор адміністратор менеджер диспетчер логістика маркетинг кадри факс
  колл-центр кол-центр колцентр контакт-центр гаряча кімната переговорна чергова черговий тест сервіс
  отдел отделение продаж закупок поддержка поддержки бухгалтерия офис ресепшн приемная приёмная очередь линия группа
  филиал охрана администратор касса каса горячая переговорная дежурный
  المبيعات الدعم قسم الاستقبال المحاسبه
`);

/** "Son of", "daughter of": they tie two Arabic names together and are themselves no name. */
export const KINSHIP: ReadonlySet<string> = words('bin ibn bint ben ould bn بن ابن بنت бин ибн бен бін ібн');

/** "Father of", "mother of": part of the surname after them. */
export const KUNYA: ReadonlySet<string> = words('abu abou umm ابو ابي ام абу');

/** "Servant of": one given name with the word after them. */
export const SERVANT: ReadonlySet<string> = words('abd abdel abdul abdal عبد абд абдул абдель');

/** The Arabic article in Latin and Cyrillic letters, with its assimilated forms (al-Sabah, as-Sabah, el-Sayed). */
export const ARTICLES: ReadonlySet<string> = words(
  'al el ad ar as ash at az an ed er es esh et ez en аль ель эль ал ад ар ас аш ат аз ан ال',
);

/** Western particles that belong to the surname after them. */
export const WESTERN_PARTICLES: ReadonlySet<string> = words(
  'van von der den de del della di da du dos la le ter ten mac mc st san фон ван де',
);

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/u));
}
