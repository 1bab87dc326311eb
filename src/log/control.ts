import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields } from '../app/ports/logger.ts';
import { NO_NAMES, type NamesShown } from './names.ts';

/** What lines of a log have in common, and what is not known yet when the first of them is written. */
export interface LogControl {
  /** Every line that is written while `work` is under way carries these fields. */
  within<T>(fields: LogFields, work: () => Promise<T>): Promise<T>;
  /** The fields of the work that is under way here. */
  fields(): LogFields;
  showNames(how: NamesShown): void;
  names(): NamesShown;
}

export function createLogControl(): LogControl {
  const context = new AsyncLocalStorage<LogFields>();
  let names = NO_NAMES;
  const fields = (): LogFields => context.getStore() ?? {};
  return {
    within: (added, work) => context.run({ ...fields(), ...added }, work),
    fields,
    showNames(how) {
      names = how;
    },
    names: () => names,
  };
}
