import { z } from 'zod';
import type { Json } from '../../types.ts';
import { Refusal } from '../errors.ts';
import { notFoundPage, type ODataResponse } from '../odata/service.ts';
import type { Account } from '../sessions.ts';
import { isBlocked, removeUser, saveUser, usersCount, type UserDeps } from './users.ts';
import { weaknessOf } from './password.ts';

/** One call of AdministrationService. */
export interface AdministrationCall {
  /** HTTP method. */
  verb: string;
  /** Method of the service. */
  name: string;
  body: unknown;
  /** Who calls. */
  account: Account;
}

/** Answers one call; what the service refuses is told in the result, with status 200. */
export type AdministrationService = (call: AdministrationCall) => ODataResponse;

interface Method {
  /** Needs the operation CanManageAdministration. */
  isGuarded: boolean;
  /** @throws Refusal for whatever the product's entity layer refuses. */
  run(body: unknown, account: Account): Json;
  /** A refusal as this method tells it. */
  refuse(message: string, isSecurity: boolean): Json;
}

const NO_RIGHT =
  'Current user does not have sufficient permissions to execute operation "CanManageAdministration"';

/** Creates the service that manages users: the part of it that makes, changes and deletes them. */
export function createAdministration(deps: UserDeps): AdministrationService {
  const methods = methodsOf(deps);
  return ({ verb, name, body, account }) => {
    const { dropMethods, cannotManageUsers, administrationDenied } = deps.switches();
    const method = dropMethods.includes(name) ? undefined : methods.get(name);
    if (method === undefined) return page(404);
    if (verb !== 'POST') return { status: 405, headers: {} };
    if (method.isGuarded && cannotManageUsers.includes(account.login)) {
      if (administrationDenied === 'result') return wrapped(name, method.refuse(NO_RIGHT, true));
      return fault(Number(administrationDenied), NO_RIGHT, 'System.Security.SecurityException');
    }
    try {
      return wrapped(name, method.run(body, account));
    } catch (error) {
      // The request itself was no good: WCF does not reach the method.
      if (error instanceof z.ZodError) return fault(400, 'The request cannot be read.', 'FormatException');
      if (error instanceof Refusal) return wrapped(name, method.refuse(error.message, false));
      throw error;
    }
  };
}

function methodsOf(deps: UserDeps): ReadonlyMap<string, Method> {
  const plain = (message: string): Json => message;
  return new Map<string, Method>([
    [
      'UpdateOrCreateUser',
      {
        isGuarded: true,
        run: (body, { contactId }) => {
          const { jsonObject, roleId } = z
            .object({ jsonObject: z.string(), roleId: z.string().nullish() })
            .parse(body);
          saveUser(jsonObject, roleId ?? '', contactId, deps);
          return '';
        },
        refuse: plain,
      },
    ],
    [
      'ValidatePassword',
      {
        isGuarded: false,
        run: (body) =>
          weaknessOf(
            z.object({ userName: z.string(), password: z.string() }).parse(body).password,
            deps.switches(),
          ) ?? '',
        refuse: plain,
      },
    ],
    [
      'DeleteUser',
      {
        isGuarded: true,
        run: (body) => {
          removeUser(userIdOf(body), deps);
          return outcomeText(true, false, '');
        },
        refuse: (message, isSecurity) => outcomeText(false, isSecurity, message),
      },
    ],
    [
      'GetUsersCount',
      {
        isGuarded: true,
        run: () => {
          const count = usersCount(deps);
          return deps.switches().usersCountAs === 'number'
            ? count
            : JSON.stringify({ Success: true, Count: count });
        },
        refuse: plain,
      },
    ],
    [
      'GetIsUserBlocked',
      { isGuarded: true, run: (body) => isBlocked(userIdOf(body), deps), refuse: () => false },
    ],
  ]);
}

const userIdOf = (body: unknown): string => z.object({ userId: z.guid() }).parse(body).userId.toLowerCase();

const outcomeText = (Success: boolean, IsSecurityException: boolean, ExceptionMessage: string): string =>
  JSON.stringify({ Success, IsSecurityException, ExceptionMessage });

const wrapped = (name: string, result: Json): ODataResponse => json(200, { [`${name}Result`]: result });

const fault = (status: number, Message: string, ExceptionType: string): ODataResponse =>
  json(status, { Message, StackTrace: null, ExceptionType });

const json = (status: number, body: Json): ODataResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body,
});

const page = (status: number): ODataResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: notFoundPage(),
});
