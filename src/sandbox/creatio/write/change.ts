import type { Entity } from '../schema.ts';
import type { StoredRow } from '../values.ts';

/** What an object's events are called where a process starts by one. */
export const CHANGE_EVENTS = ['added', 'modified', 'deleted'] as const;
export type ChangeEvent = (typeof CHANGE_EVENTS)[number];

/** A saved or deleted row, told after the transaction it belongs to. */
export interface Change {
  entity: Entity;
  id: string;
  event: ChangeEvent;
  /** The row as it was; `undefined` where it is new. */
  before: StoredRow | undefined;
  /** The row went because another one that it belongs to was deleted. */
  isCascade: boolean;
}
