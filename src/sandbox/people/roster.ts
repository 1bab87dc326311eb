import type { Random } from '../kit/random.ts';
import { createHumanSource, type Human } from './human.ts';
import { createLoginSource } from './logins.ts';
import {
  COMPANY_DOMAIN,
  drawInCrm,
  drawInDirectory,
  drawOnBothSides,
  type BothSidesWish,
  type Person,
  type PersonTools,
  type Weakness,
} from './person.ts';

/** How many of each there are to be. */
export interface RosterSize {
  /** Directory users, the integration account included; at least one. */
  users: number;
  /** Contacts of all types, those of the supervisor and the integration account included; at least two. */
  contacts: number;
  /** CRM users, the supervisor and the integration account included; at least two. */
  crmUsers: number;
}

/** Everybody who will be written into the two systems; the built-in accounts are not among them. */
export interface Roster {
  /** In the order in which they were added to the systems. */
  staff: Person[];
  /** Directory users that are nobody's: a queue, a test login. */
  services: { name: string; username: string }[];
  customers: Human[];
  /** CRM users without a contact: logins of other programs. */
  technicalLogins: string[];
}

const SERVICE_NAMES = ['Reception', 'Test', 'Voicemail', 'Conference', 'Intercom'];
const MAILBOXES = ['sales', 'support', 'office', 'info', 'service', 'orders', 'billing', 'dispatch'];
const WEAKNESSES: readonly Weakness[] = ['diminutive', 'typo', 'initial'];

/** Share of directory users that have a contact. */
const MATCHED_SHARE = 0.87;
/** Share of directory users that share their name with somebody else of the staff. */
const NAMESAKE_SHARE = 0.015;
/** Share of users with a contact whose name proves nothing. */
const WEAK_SHARE = 0.045;
/** How many of those, and of the namesakes, have a login or an e-mail that tells who they are. */
const TOLD_APART_SHARE = 0.55;
const MAILBOX_SHARE = 0.02;
/** Users without a contact of whom a customer, or somebody of the staff with another login and e-mail, has the name. */
const CUSTOMER_DOUBLE_SHARE = 0.05;
const STAFF_DOUBLE_SHARE = 0.015;
/** Customers who bear the name of somebody of the staff. */
const CUSTOMER_NAMESAKE_SHARE = 0.015;

/** Draws everybody. */
export function drawRoster(size: RosterSize, random: Random): Roster {
  const humans = createHumanSource(random);
  const logins = createLoginSource(random);
  for (const login of ['rollcall', 'supervisor']) logins.fixed(login);
  const tools: PersonTools = { random, humans, logins };

  const others = size.users - 1;
  const matched = Math.max(0, Math.min(Math.round(size.users * MATCHED_SHARE) - 1, size.contacts - 2));
  const serviceCount = others < 50 ? 0 : Math.min(SERVICE_NAMES.length, Math.round(others * 0.01));
  const nobodies = Math.max(0, others - matched - serviceCount);
  const services = SERVICE_NAMES.slice(0, Math.min(serviceCount, others - matched)).map((name) => ({
    name,
    username: logins.fixed(name.toLowerCase()),
  }));

  const wantedLogins = size.crmUsers - 2;
  const room = size.contacts - 2 - matched;
  const crmOnly = Math.min(
    room,
    Math.max(Math.round(size.users * 0.13), Math.ceil(wantedLogins / 0.93) - matched),
  );
  const hasLogin = dealLogins(matched + crmOnly, wantedLogins, random);

  const both = drawMatched(tools, matched, crmOnly, size.users, hasLogin);
  const alone = both.namesakesElsewhere.map((human) => drawInCrm(tools, human, hasLogin(), true));
  while (alone.length < crmOnly) alone.push(drawInCrm(tools, humans.unique(), hasLogin()));

  const told = both.persons.filter(
    ({ directory, crm }) =>
      directory?.username === crm?.login && directory?.email === crm?.email && crm?.email !== '',
  );
  const strangers = Array.from({ length: nobodies }, () => {
    const double = random.chance(STAFF_DOUBLE_SHARE) ? told.pop() : undefined;
    return drawInDirectory(
      tools,
      double === undefined ? humans.unique() : humans.namesakeOf(double.human),
      double !== undefined,
    );
  });

  const customerCount = Math.max(0, size.contacts - 2 - matched - crmOnly);
  return {
    staff: random.shuffle([...both.persons, ...alone, ...strangers]),
    services,
    customers: drawCustomers(tools, customerCount, both.persons, strangers),
    technicalLogins: Array.from({ length: Math.max(0, wantedLogins - matched - crmOnly) }, () =>
      logins.fixed('svc'),
    ),
  };
}

/** Answers, one call a person, who of `people` has one of the `wanted` logins. */
function dealLogins(people: number, wanted: number, random: Random): () => boolean {
  const deck = random.shuffle(Array.from({ length: people }, (_, at) => at < wanted));
  return () => deck.pop() ?? false;
}

interface Matched {
  persons: Person[];
  /** Names that contacts without a directory user are to bear too. */
  namesakesElsewhere: Human[];
}

function drawMatched(
  tools: PersonTools,
  matched: number,
  crmOnly: number,
  users: number,
  hasLogin: () => boolean,
): Matched {
  const { random, humans } = tools;
  const persons: Person[] = [];
  const namesakesElsewhere: Human[] = [];
  const add = (human: Human, wish: Omit<BothSidesWish, 'hasLogin'>): void => {
    persons.push(drawOnBothSides(tools, human, { ...wish, hasLogin: hasLogin() }));
  };

  let namesakes = Math.min(Math.round(users * NAMESAKE_SHARE), matched);
  while (namesakes > 0) {
    const human = humans.unique();
    const evidence = random.chance(TOLD_APART_SHARE) ? 'some' : 'none';
    const isPair = namesakes >= 2 && (namesakesElsewhere.length >= crmOnly || random.chance(0.5));
    if (!isPair && namesakesElsewhere.length >= crmOnly) break;
    add(human, { evidence, isNative: true });
    if (isPair) add(humans.namesakeOf(human), { evidence, isNative: true });
    else namesakesElsewhere.push(humans.namesakeOf(human));
    namesakes -= isPair ? 2 : 1;
  }

  const weak = Math.min(Math.round(matched * WEAK_SHARE), matched - persons.length);
  for (let at = 0; at < weak; at += 1) {
    const evidence = random.chance(TOLD_APART_SHARE) ? 'some' : 'none';
    add(humans.unique(), { evidence, weakness: random.pick(WEAKNESSES) });
  }

  for (const sharedMailbox of dealMailboxes(
    Math.min(matched - persons.length, Math.round(matched * MAILBOX_SHARE)),
  )) {
    add(humans.unique(), { evidence: 'as it comes', sharedMailbox, isNative: true });
  }
  while (persons.length < matched) add(humans.unique(), { evidence: 'as it comes' });
  return { persons, namesakesElsewhere };
}

/** The mailbox of each of so many people: at least two share one, so fewer than two have none. */
function dealMailboxes(people: number): string[] {
  if (people < 2) return [];
  const used = MAILBOXES.slice(0, Math.max(1, Math.floor(people / 4)));
  return Array.from({ length: people }, (_, at) => `${used[at % used.length] ?? 'office'}@${COMPANY_DOMAIN}`);
}

function drawCustomers(tools: PersonTools, count: number, staff: Person[], strangers: Person[]): Human[] {
  const { random, humans } = tools;
  const doubles = [
    ...strangers.filter(() => random.chance(CUSTOMER_DOUBLE_SHARE)),
    ...(staff.length === 0
      ? []
      : Array.from({ length: Math.round(count * CUSTOMER_NAMESAKE_SHARE) }, () => random.pick(staff))),
  ].map(({ human }) => humans.namesakeOf(human));
  const customers = doubles.slice(0, count);
  while (customers.length < count) customers.push(humans.stranger());
  return random.shuffle(customers);
}
