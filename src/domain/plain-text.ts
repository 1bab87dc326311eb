import type { DirectoryUser } from './person.ts';

/** What moves to another line or column. */
const BREAKS = /[\t-\r\u0085\u2028\u2029]+/gu;
/** Control characters, overrides of the direction of writing, and halves of characters: nobody means to write them. */
const UNSEEN = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/** A text without control characters and direction overrides; any other text stays byte for byte as it is. */
export function plainText(text: string): string {
  const plain = text.replace(BREAKS, ' ').replace(UNSEEN, '');
  return plain === text ? text : plain.trim();
}

/** A directory user in plain texts; says which were not. */
export function plainUser(user: DirectoryUser): DirectoryUser {
  const cleaned: string[] = [];
  const plain = (what: string, text: string): string => {
    const clean = plainText(text);
    if (clean !== text) cleaned.push(what);
    return clean;
  };
  const orNull = (what: string, text: string | null): string | null =>
    text === null ? null : plain(what, text) || null;
  const { defaultDevice } = user;
  const texts = {
    login: plain('login', user.login),
    displayName: plain('name', user.displayName),
    email: orNull('e-mail', user.email),
    chatName: orNull('chat name', user.chatName),
    extension: orNull('extension', user.extension),
    defaultDevice:
      defaultDevice === null
        ? null
        : { ...defaultDevice, name: plain('name of the default device', defaultDevice.name) },
  };
  return cleaned.length === 0 ? user : { ...user, ...texts, cleaned };
}
