import { badRequest, conflict, WebitelRefusal } from './errors.ts';
import type { Context } from './context.ts';
import type { User } from './rows.ts';

/** Longest login, in bytes of UTF-8. */
const NAME_BYTES = 63;
/** The product whose licence a user with a contact holds. */
const CONTACT_PRODUCT = 'CUSTOMER_SERVICE';

/**
 * Refuses a user that breaks a rule of the product. Only what differs from `before` is checked, so that data that
 * was loaded with faults can still be edited elsewhere.
 */
export function checkUser(context: Context, user: User, before?: User): void {
  checkTexts(context, user, before);
  checkUnique(context, user, before);
  checkGrants(context, user, before);
  checkContact(context, user, before);
  for (const role of user.roles) {
    if (before?.roles.some((held) => held.id === role.id) === true) continue;
    if (context.store.roles.get(role.id) === undefined) {
      throw badRequest('users.roles.invalid', `role ${role.id} not found`);
    }
  }
}

function checkTexts(context: Context, user: User, before?: User): void {
  const switches = context.switches();
  if (user.username === '') throw badRequest('users.username.required', 'username is required');
  if (user.username !== before?.username) {
    const isWellFormed = /^[A-Za-z0-9._-]+$/.test(user.username);
    if (!isWellFormed || Buffer.byteLength(user.username) > NAME_BYTES) {
      throw badRequest('users.username.invalid', `username "${user.username}" is invalid`);
    }
  }
  if (user.name === '' && before?.name !== '' && switches.requireName) {
    throw badRequest('users.name.required', 'name is required');
  }
  const isNewExtension = user.extension !== (before?.extension ?? '');
  if (isNewExtension && switches.checkExtension && !/^\d*$/.test(user.extension)) {
    throw badRequest('users.extension.invalid', `extension "${user.extension}" must be digits`);
  }
}

function checkUnique(context: Context, user: User, before?: User): void {
  const { store } = context;
  const switches = context.switches();
  const isTaken = (index: string, key: string): boolean =>
    key !== '' && [...store.users.find(index, key)].some((id) => id !== user.id);

  const login = user.username.toLowerCase();
  if (login !== before?.username.toLowerCase()) {
    if (isTaken('username', login) || store.roles.find('name', login).size > 0) {
      throw conflict(switches, 'users', 'username', user.username);
    }
  }
  if (switches.uniqueExtension && user.extension !== before?.extension) {
    if (isTaken('extension', user.extension)) throw conflict(switches, 'users', 'extension', user.extension);
  }
  const email = user.email.toLowerCase();
  if (switches.uniqueEmail && email !== before?.email.toLowerCase() && isTaken('email', email)) {
    throw conflict(switches, 'users', 'email', user.email);
  }
}

/** A contact needs the licence for it, and is that of one user. */
function checkContact(context: Context, user: User, before?: User): void {
  const { contact } = user;
  if (contact === null || contact.id === before?.contact?.id) return;
  const { contactWithoutLicense, uniqueContact } = context.switches();
  if (contactWithoutLicense === 'refuse' && !mayHaveContact(context, user)) {
    throw badRequest('users.contact.license', `a contact needs the license ${CONTACT_PRODUCT}`);
  }
  const rivals = [...context.store.users.find('contact', contact.id)].filter((id) => id !== user.id);
  if (uniqueContact && rivals.length > 0) {
    throw conflict(context.switches(), 'users', 'contact', contact.id);
  }
}

/** Whether one of the user's licences is for contacts. */
export function mayHaveContact(context: Context, user: User): boolean {
  return user.license.some(({ id }) => context.store.licenses.get(id)?.product === CONTACT_PRODUCT);
}

function checkGrants(context: Context, user: User, before?: User): void {
  for (const grant of user.license) {
    if (before?.license.some((held) => held.id === grant.id) === true) continue;
    const license = context.store.licenses.get(grant.id);
    if (license === undefined) throw badRequest('users.license.invalid', `license ${grant.id} not found`);
    if (!context.views.isInTerm(license)) {
      throw badRequest('app.license.product.expired', `license expired; product: ${license.product}`);
    }
    if (!license.competitive && context.views.remain(license) < 1) {
      throw new WebitelRefusal(
        context.switches().exhaustedStatus,
        'app.license.product.exhausted',
        `license product exhausted: ${license.product}`,
      );
    }
  }
}
