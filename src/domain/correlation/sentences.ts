/** The languages in which Rollcall explains its decisions. */
export const EXPLANATION_LANGUAGES = ['en', 'uk'] as const;

export type ExplanationLanguage = (typeof EXPLANATION_LANGUAGES)[number];

/**
 * All that correlation has to say, in both languages; `{…}` stands for a value. English is what is kept with plans and
 * cases; `inLanguage` finds the sentence again and says it in the other language.
 */
export const SENTENCES = {
  nameEqual: ['The names are the same.', 'Імена збігаються.'],
  nameRomanised: [
    'The names are spellings of one name in different scripts or standards.',
    'Імена є записами одного імені різним письмом або за різними стандартами.',
  ],
  nameStandard: [
    'The Latin name is the Cyrillic one as {standard} writes it.',
    'Латинський запис є кириличним іменем за стандартом {standard}.',
  ],
  nameEquivalent: [
    'The given names are forms of one name, and the surnames agree.',
    'Особові імена є формами одного імені, а прізвища збігаються.',
  ],
  nameSpelling: [
    'The surnames read alike but are spelled in different ways.',
    'Прізвища читаються однаково, але пишуться по-різному.',
  ],
  nameInitial: [
    'The surnames agree, and the initial fits the given name.',
    'Прізвища збігаються, а ініціал пасує до особового імені.',
  ],
  nameDiminutive: [
    'The surnames agree, and one given name is a diminutive of the other.',
    'Прізвища збігаються, а одне особове ім’я є зменшеною формою іншого.',
  ],
  nameTypo: ['The names differ by one slip of the keyboard.', 'Імена різняться однією помилкою набору.'],
  nameOrder: [
    'The names consist of the same words in another order.',
    'Імена складаються з тих самих слів у іншому порядку.',
  ],
  nameParticle: [
    'The names are the same but for a particle (al-, bin, abu).',
    'Імена збігаються, крім частки (аль-, бін, абу).',
  ],
  nameAkanye: [
    'The given names agree, and the surnames differ by what Belarusian spells as it is heard.',
    'Особові імена збігаються, а прізвища різняться тим, що білоруською пишеться, як чується.',
  ],
  nameConsonants: [
    'The two spellings of the Arabic name have the same consonants.',
    'Обидва записи арабського імені мають однакові приголосні.',
  ],
  namePart: ['One name is a part of the other.', 'Одне ім’я є частиною іншого.'],
  nameAlike: ['The names sound alike.', 'Імена звучать подібно.'],
  nameAlone: [
    'No other directory user and no other staff contact has it.',
    'Більше ніхто з користувачів телефонії та контактів-працівників так не зветься.',
  ],
  middleSame: ['The second names are the same.', 'По батькові збігаються.'],
  surnamesApart: [
    'The given names agree, but the surnames differ.',
    'Особові імена збігаються, але прізвища різні.',
  ],
  givenNamesApart: [
    'The surnames agree, but the given names differ.',
    'Прізвища збігаються, але особові імена різні.',
  ],
  wordApart: [
    'The names have one word in common, but the other differs.',
    'Імена мають одне спільне слово, але інше різне.',
  ],
  namesApart: ['Both the surnames and the given names differ.', 'Різні і прізвища, і особові імена.'],
  namesUnknown: ['The names cannot be compared.', 'Імена неможливо порівняти.'],
  genders: ['One is a man, the other a woman.', 'Одне ім’я чоловіче, інше жіноче.'],
  patronymics: ['The patronymics differ.', 'По батькові різні.'],
  loginAlone: [
    'The directory login is the login of this CRM user and of no other.',
    'Логін телефонії є логіном цього користувача CRM і жодного іншого.',
  ],
  loginSame: ['The logins are the same.', 'Логіни збігаються.'],
  loginBearsName: [
    'The directory login bears the name of the contact.',
    'Логін телефонії містить ім’я контакту.',
  ],
  emailAlone: [
    'The e-mail address is the same, and nobody else has it on either side.',
    'Адреса e-mail збігається, і більше ніхто з обох боків її не має.',
  ],
  emailSame: ['The e-mail addresses are the same.', 'Адреси e-mail збігаються.'],
  emailDiffers: ['The e-mail addresses differ.', 'Адреси e-mail різні.'],
  emailsOfOneDomain: [
    'Both have an e-mail address of the same company, and not the same one.',
    'Обоє мають адреси e-mail однієї компанії, і ці адреси різні.',
  ],
  loginsNumbered: [
    'The logins differ by nothing but a number, as those of two people of one name do.',
    'Логіни різняться лише числом, як у двох людей з однаковим ім’ям.',
  ],
  emailBearsName: [
    'The e-mail address of the contact bears the name of the user.',
    'Адреса e-mail контакту містить ім’я користувача.',
  ],
  extensionSame: ['The inner phone is the same.', 'Внутрішній номер збігається.'],
  phoneSame: ['The telephone number is the same.', 'Номер телефону збігається.'],
  numberAlone: ['Nobody else has it on either side.', 'Більше ніхто з обох боків його не має.'],
  departmentSame: ['The department is the same.', 'Відділ збігається.'],
  departmentDiffers: ['The departments differ.', 'Відділи різні.'],
  notStaff: ['The contact is not staff.', 'Контакт не є працівником.'],
  belongsTo: ['The contact belongs to {who}.', 'Контакт належить {who}.'],
  linkedElsewhere: ['The contact is linked to {who}.', 'Контакт зв’язано з {who}.'],
  linkStands: ['The link stands.', 'Зв’язок чинний.'],
  recordBearsId: ['A telephony record bears the id.', 'Запис телефонії має цей ідентифікатор.'],
  recordBearsLogin: [
    'A telephony record without an id bears the login.',
    'Запис телефонії без ідентифікатора має цей логін.',
  ],
  recordOfGone: [
    'The telephony record of a directory user who is gone bears the login.',
    'Запис телефонії користувача, якого вже немає, має цей логін.',
  ],
  verdictSame: ['A person decided that this is the contact.', 'Людина вирішила, що це цей контакт.'],
  verdictCreate: [
    'A person decided that the user is nobody in the CRM yet.',
    'Людина вирішила, що користувача в CRM ще немає.',
  ],
  allRejected: [
    'The contacts that the user might have been were rejected.',
    'Контакти, якими міг бути користувач, відхилено.',
  ],
  nothingMet: [
    'Neither login, e-mail nor name is met in the CRM.',
    'Ні логіна, ні e-mail, ні імені в CRM не знайдено.',
  ],
  sameOnce: [
    'The {fields} is the same, on both sides only once.',
    'Збігається {fields}, і з кожного боку лише раз.',
  ],
  sameOncePlural: [
    'The {fields} are the same, on both sides only once.',
    'Збігаються {fields}, і з кожного боку лише раз.',
  ],
  numberAndName: [
    'The number is the same and nobody else’s, and the names may be one person’s.',
    'Номер збігається і більше нічий, а імена можуть належати одній людині.',
  ],
  recordTakenOver: [
    'A telephony record of this contact, without an id, is taken over.',
    'Запис телефонії цього контакту, що не мав ідентифікатора, перебирається.',
  ],
  weakOnly: [
    'Only weak evidence ties the user to a contact.',
    'Користувача з контактом пов’язують лише слабкі ознаки.',
  ],
  decide: ['A person has to decide.', 'Вирішити має людина.'],
  recordsTorn: [
    'Several telephony records of this contact could be the user’s.',
    'Кілька записів телефонії цього контакту можуть належати користувачеві.',
  ],
  contactHeld: [
    'The contact that the {rule} names belongs to {who}, by {other}.',
    'Контакт, на який вказує {rule}, належить {who} за правилом {other}.',
  ],
  contactContested: [
    '{who} has an equal claim on the same contact, by {other}.',
    '{who} має рівне право на той самий контакт за правилом {other}.',
  ],
  hitsDiffer: ['The {fields} name different contacts.', '{fields} вказують на різні контакти.'],
  userWithoutContact: [
    'The CRM user with this login has no contact, and the name alone does not tell which contact it is.',
    'Користувач CRM із цим логіном не має контакту, а саме ім’я не каже, який це контакт.',
  ],
  userOfAnother: [
    'The login is that of a CRM user who is not the user of this contact.',
    'Логін належить користувачеві CRM, який не є користувачем цього контакту.',
  ],
  manyContacts: ['{count} staff contacts have this name.', 'Контактів-працівників із таким іменем: {count}.'],
  manyUsers: [
    '{count} directory users have the name of this contact.',
    'Користувачів телефонії з іменем цього контакту: {count}.',
  ],
  notAmongStaff: [
    'The name is met only among contacts that are not staff.',
    'Ім’я знайдено лише серед контактів, що не є працівниками.',
  ],
  mayBeAnother: [
    'The name may also be that of {who}, who is nobody’s yet.',
    'Це ім’я може бути також у контакту {who}, який ще нічий.',
  ],
  mayBeAnothers: [
    'The contact may also be {who}, who has none yet.',
    'Цим контактом може бути також {who}, у кого його ще немає.',
  ],
  otherNumber: [
    'The name is that of one contact, and the number that of {who}.',
    'Ім’я вказує на один контакт, а номер на {who}.',
  ],
  numberOfAnother: [
    'The number of the contact is that of {who}, whose name it may be.',
    'Номер контакту є номером {who}, і це ім’я може бути його.',
  ],
  emailOfAnother: [
    'The e-mail address of the contact is that of {who}.',
    'Адреса e-mail контакту належить {who}.',
  ],
  loginOfAnother: [
    'The CRM login of the contact is the login of {who}.',
    'Логін контакту в CRM є логіном {who}.',
  ],
  nameOfAnother: ['The name of the contact is that of {who}.', 'Ім’я контакту є ім’ям {who}.'],
  otherName: [
    'The {field} is the same, but the names differ; {field}s are given out again.',
    'Збігається {field}, але імена різні; {field} могли видати знову.',
  ],
  manyRecordsOfId: [
    '{count} telephony records bear the id {id}.',
    'Записів телефонії з ідентифікатором {id}: {count}.',
  ],
  manyRecordsOfLogin: [
    '{count} telephony records could be taken over by the login {login}.',
    'Записів телефонії, які міг би перебрати логін {login}: {count}.',
  ],
  recordHolds: [
    'Record {id}: name {name}, login {login}, extension {extension}, CRM user {crmUser}.',
    'Запис {id}: ім’я {name}, логін {login}, внутрішній номер {extension}, користувач CRM {crmUser}.',
  ],
  deleteOthers: [
    'Keep one of them and delete the others in the CRM; until then a decision takes the one with the CRM user and the extension of the directory user.',
    'Залиште один із них, а решту видаліть у CRM; до того рішення обирає той, що має користувача CRM і внутрішній номер користувача телефонії.',
  ],
  manyUsersOfLogin: [
    'Several directory users have the login {login}, and a telephony record bears it.',
    'Кілька користувачів телефонії мають логін {login}, і його має запис телефонії.',
  ],
  absenceUnproved: [
    'A telephony record with the login {login} belongs to a directory user whose absence is not confirmed.',
    'Запис телефонії з логіном {login} належить користувачеві, відсутність якого не підтверджено.',
  ],
} as const satisfies Record<string, readonly [en: string, uk: string]>;

export type SentenceName = keyof typeof SENTENCES;

/** Words for fields and rules where they stand inside a sentence. */
export const TERMS: Readonly<Record<string, string>> = {
  login: 'логін',
  email: 'e-mail',
  name: 'ім’я',
  number: 'номер',
  link: 'зв’язок',
  verdict: 'рішення',
  'record-id': 'запис телефонії',
  'record-adopted': 'запис телефонії',
  'record-successor': 'запис телефонії',
  'weak-name': 'подібне ім’я',
};
