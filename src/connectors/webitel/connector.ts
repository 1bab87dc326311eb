import type {
  CollectionRead,
  DirectoryCapabilities,
  DirectoryConnector,
  DirectoryWriter,
} from '../../app/ports/directory.ts';
import type { DirectoryLicence, DirectoryUser, Ref } from '../../domain/person.ts';
import { plainText, plainUser } from '../../domain/plain-text.ts';
import type { HttpDoor } from '../../http/types.ts';
import { IDS_PER_REQUEST, PAGE_SIZE, type WebitelClient } from './client.ts';
import type { Licence, User } from './schema.ts';

/** STUN and the time zone are settings that only their own user can change. */
export const CAPABILITIES: DirectoryCapabilities = {
  pageSize: PAGE_SIZE,
  fixedRequests: 1,
  licences: true,
  roles: 'many',
  defaultDevice: true,
  email: true,
  chatName: true,
  softDelete: true,
  selfScope: ['stun', 'timeZone'],
  writes: ['login', 'displayName', 'email', 'chatName', 'extension'],
  login: { pattern: /^[A-Za-z0-9._-]+$/, words: 'Latin letters, digits, dots, dashes and underscores' },
  extension: { pattern: /^[0-9]+$/, words: 'digits' },
};

export interface ConnectorParts {
  readonly client: WebitelClient;
  readonly door: HttpDoor;
  /** Requests that a sign-in takes; none with a token. */
  readonly signIns: number;
  readonly writer: DirectoryWriter;
}

/** The directory port on top of Webitel's calls. */
export function createConnector({ client, door, signIns, writer }: ConnectorParts): DirectoryConnector {
  return {
    product: 'webitel',
    writer,
    capabilities: { ...CAPABILITIES, fixedRequests: CAPABILITIES.fixedRequests + signIns },

    whoAmI: (signal) => client.userinfo(signal),

    async readLicences(signal) {
      return mapItems(await client.licences({ signal }), toLicence);
    },

    async readRoles(signal) {
      const read = await client.roles({ signal });
      const roles: Ref[] = read.items
        .filter((role) => !role.user)
        .map(({ id, name }) => ({ id, name: plainText(name) }));
      return { ...read, items: roles, rows: read.items.length };
    },

    async readUsers({ signal, onPage } = {}) {
      const read = mapItems(await client.users({ signal, onPage }), toUser);
      return { ...read, items: read.items.filter((user) => !user.deleted) };
    },

    readDeletedUsers: async (signal) => mapItems(await client.deletedUsers({ signal }), toUser),

    async readUsersById(ids, signal) {
      const wanted = [...new Set(ids)];
      const found: DirectoryUser[] = [];
      for (let from = 0; from < wanted.length; from += IDS_PER_REQUEST) {
        const asked = new Set(wanted.slice(from, from + IDS_PER_REQUEST));
        const read = await client.usersById([...asked], { signal });
        for (const user of read.items) if (asked.has(user.id)) found.push(toUser(user));
      }
      return found;
    },

    tally: () => door.tally(),
  };
}

function mapItems<A, B>(read: CollectionRead<A>, map: (item: A) => B): CollectionRead<B> {
  return { ...read, items: read.items.map(map) };
}

export function toUser(user: User): DirectoryUser {
  return plainUser({
    id: user.id,
    login: user.username,
    displayName: user.name,
    email: orNull(user.email),
    chatName: orNull(user.chat_name),
    extension: orNull(user.extension),
    defaultDevice: user.device,
    licences: user.license.map(({ id, prod, product }) => ({ serial: id, product: prod || product || id })),
    roles: user.roles,
    deleted: user.deleted_at !== null,
  });
}

function toLicence(licence: Licence): DirectoryLicence {
  return {
    serial: licence.id,
    product: licence.product || licence.id,
    name: plainText(licence.name) || licence.product || licence.id,
    limit: licence.limit,
    remain: licence.remain,
    competitive: licence.competitive,
    validUntil: licence.not_after,
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
