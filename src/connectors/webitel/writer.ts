import type { DirectoryUserChange, DirectoryWriter } from '../../app/ports/directory.ts';
import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import type { UserBody, WebitelClient } from './client.ts';
import { toUser } from './connector.ts';
import { newPassword } from './password.ts';
import type { PasswordSettings, User } from './schema.ts';

/** The profile variable that says which create made a user; whoever looks at the user in Webitel sees it, too. */
export const REFERENCE_VARIABLE = 'rollcall_reference';

/** Takes the temporary passwords of new users to whoever hands them out. */
export interface PasswordSink {
  /** Makes sure, before a user is made, that a password can be kept; throws `FORBIDDEN` if not. */
  ready(): Promise<void>;
  /** Keeps one. Never throws: by then the user is there. */
  keep(login: string, password: string): Promise<void>;
}

export interface WriterDeps {
  readonly client: WebitelClient;
  /** Bytes that nobody can foresee. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Where the administrator asked for the passwords; `null`: nobody sees them. */
  readonly passwords: PasswordSink | null;
}

/** Users are written one by one: Webitel has no call for many. */
export function createWriter({ client, randomBytes, passwords }: WriterDeps): DirectoryWriter {
  return {
    async findByLogin(login, signal) {
      const wanted = login.toLowerCase();
      const found = await client.usersByLogin(login, signal);
      return found
        .filter(({ username }) => username.toLowerCase() === wanted)
        .map((user) => {
          const reference = user.profile[REFERENCE_VARIABLE];
          return { user: toUser(user), reference: typeof reference === 'string' ? reference : null };
        });
    },

    async create({ reference, ...user }, signal) {
      const password = await passwordFor(user.login, signal);
      const body = {
        ...bodyOf(user),
        username: user.login,
        profile: { [REFERENCE_VARIABLE]: reference },
        password,
        force_password_change: true,
      };
      await passwords?.ready();
      try {
        const made = toUser(await createWithoutSharedEmail(body, reference, signal));
        await passwords?.keep(user.login, password);
        return made;
      } catch (error) {
        // The user may be there, and has this password then.
        if (isRollcallError(error, 'UNKNOWN_OUTCOME')) await passwords?.keep(user.login, password);
        throw error;
      }
    },

    change: async (id, change, signal) => toUser(await client.patchUser(id, bodyOf(change), signal)),
    endSessions: (id, signal) => client.logout(id, signal),

    async remove(id, options, signal) {
      try {
        await client.deleteUser(id, options, signal);
      } catch (error) {
        if (isRollcallError(error, 'NOT_FOUND')) return;
        if (!options.permanent || !isRollcallError(error, 'VALIDATION', 'CONFLICT')) throw error;
        // Nobody can be deleted for good who owns devices; those go first.
        const devices = await client.devicesOf(id, signal);
        if (devices.length === 0) throw error;
        for (const device of devices) await unlessGone(() => client.deleteDevice(device, signal));
        await client.deleteUser(id, options, signal);
      }
    },
  };

  /**
   * A site may let nobody have an e-mail that somebody else has, in another domain even: whoever is made is then made
   * without it, and the next run says so.
   */
  async function createWithoutSharedEmail(
    body: UserBody & { readonly username: string },
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<User> {
    try {
      return await createUser(body, reference, signal);
    } catch (error) {
      const { email, ...rest } = body;
      if (email === undefined || email === '' || !isRollcallError(error, 'CONFLICT')) throw error;
      return createUser(rest, reference, signal);
    }
  }

  async function createUser(
    body: UserBody & { readonly username: string },
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<User> {
    try {
      return await client.createUser(body, {}, signal);
    } catch (error) {
      if (!isRollcallError(error, 'CONFLICT')) throw error;
      // The device of whoever had the login before keeps it as its account; the new one gets an account of its own.
      const account = `${body.username}-${reference.slice(0, 8)}`;
      return client.createUser(body, { account }, signal);
    }
  }

  /** One of ours wherever it satisfies the policy; a pattern that ours does not fit is left to the product's own generator. */
  async function passwordFor(login: string, signal: AbortSignal | undefined): Promise<string> {
    const settings = await settingsFor(login, signal);
    const own = newPassword(randomBytes, settings.minLength);
    if (fits(own, settings.regularExpression)) return own;
    const made = await client.generatePassword(login, signal);
    if (fits(made, settings.regularExpression)) return made;
    throw new RollcallError(
      'VALIDATION',
      'No password could be made that fits the setting password_reg_exp of Webitel.',
      {
        cure: 'Loosen password_reg_exp in Webitel (Configuration), or add this user in Webitel by hand; the next import links them.',
      },
    );
  }

  /** A site may keep its settings to itself; the password that most policies accept is then worth a try. */
  async function settingsFor(login: string, signal: AbortSignal | undefined): Promise<PasswordSettings> {
    try {
      return await client.passwordSettings(login, signal);
    } catch (error) {
      if (!isRollcallError(error, 'NOT_FOUND', 'FORBIDDEN', 'VALIDATION', 'CONTRACT')) throw error;
      return { regularExpression: '', minLength: 0 };
    }
  }
}

/** What is gone already needs no deleting, and says nothing about whoever owned it. */
async function unlessGone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!isRollcallError(error, 'NOT_FOUND')) throw error;
  }
}

/** An expression that is none here decides nothing: the product has the last word anyway. */
function fits(password: string, regularExpression: string): boolean {
  if (regularExpression === '') return true;
  try {
    return new RegExp(regularExpression, 'u').test(password);
  } catch {
    return true;
  }
}

function bodyOf(change: DirectoryUserChange): UserBody {
  const { login, displayName, email, chatName, extension, licences, roles } = change;
  return {
    ...(login === undefined ? {} : { username: login }),
    ...(displayName === undefined ? {} : { name: displayName }),
    ...(email === undefined ? {} : { email: email ?? '' }),
    ...(chatName === undefined ? {} : { chat_name: chatName ?? '' }),
    ...(extension === undefined ? {} : { extension: extension ?? '' }),
    ...(licences === undefined ? {} : { license: licences.map((id) => ({ id })) }),
    ...(roles === undefined ? {} : { roles: roles.map((id) => ({ id })) }),
  };
}
