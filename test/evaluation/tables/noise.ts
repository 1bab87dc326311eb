/** What people put around a name in a telephony directory or a contact list. `%` is the name, `#` an extension. */
export const CYRILLIC_NOISE: readonly string[] = [
  '% (відділ продажів)',
  '% (Отдел продаж)',
  '%, бухгалтерія',
  '% - менеджер',
  '% вн. #',
  '% доб. #',
  '[#] %',
  '# %',
  '% (#)',
  'інж. %',
  'пан %',
  'Др. %',
  '% | Склад',
  '% (звільнений)',
  '% (Київ)',
  '% [колл-центр]',
];

export const LATIN_NOISE: readonly string[] = [
  '% (Sales)',
  '%, Support',
  '% - IT department',
  '% ext. #',
  '[#] %',
  '# %',
  '% (#)',
  'Dr. %',
  'Mr %',
  'Eng. %',
  '% | Helpdesk',
  '% (Kyiv office)',
  '% [call center]',
  '% x#',
];

export const ARABIC_NOISE: readonly string[] = ['د. %', 'م. %', 'السيد %', '% (المبيعات)', '% - #', '[#] %'];

export const SHARED_MAILBOXES: readonly string[] = [
  'info',
  'sales',
  'office',
  'support',
  'hr',
  'reception',
  'buh',
  'call',
];
