import type { Plan } from '../domain/planning/plan.ts';
import type { AppDeps } from './deps.ts';
import { hasOwnFingerprint } from './plan-run.ts';
import { RollcallError } from './ports/errors.ts';

/**
 * Is a saved plan what it was when it was made?
 *
 * @throws RollcallError VALIDATION
 */
export function checkFingerprint(saved: Plan, deps: AppDeps): void {
  if (hasOwnFingerprint(saved, deps.identity.digest)) return;
  throw new RollcallError(
    'VALIDATION',
    'The plan has been changed since it was made: its fingerprint does not fit.',
    {
      cure: 'Make a fresh plan with `rollcall plan --out FILE`; plans are read, not edited.',
    },
  );
}

/**
 * Was a plan made for what is configured now?
 *
 * @throws RollcallError VALIDATION
 */
export function checkOrigin(saved: Plan, fresh: Plan): void {
  if (saved.directory.domainId === fresh.directory.domainId && saved.mapping.digest === fresh.mapping.digest)
    return;
  throw new RollcallError('VALIDATION', 'The plan was made for another directory, mapping or policy.', {
    cure: 'Make a fresh plan with `rollcall plan --out FILE`, or start `rollcall import` anew.',
  });
}
