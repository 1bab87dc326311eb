import { z } from 'zod';
import type { Context } from './context.ts';
import { badRequest } from './errors.ts';
import { generatePassword, passwordSettings } from './password.ts';
import type { Route } from './route.ts';

const generateBody = z.object({ username: z.string().nullish() }).nullish();

/** What the directory says of its password policy, and passwords that obey it. */
export function passwordRoutes(context: Context): Route[] {
  return [
    {
      method: 'GET',
      path: '/users/password/settings',
      objectClass: null,
      action: 'read',
      handle: () => ({ settings: passwordSettings(context.switches()) }),
    },
    {
      method: 'POST',
      path: '/users/password/generate',
      objectClass: null,
      action: 'read',
      handle: ({ body }) => {
        const parsed = generateBody.safeParse(body);
        if (!parsed.success) throw badRequest('api.body.invalid', 'the body must be a JSON object');
        const login = parsed.data?.username ?? '';
        return { password: generatePassword(login, context.switches(), () => context.random()) };
      },
    },
  ];
}
