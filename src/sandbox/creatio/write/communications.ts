import { createHash } from 'node:crypto';
import { COMMUNICATION_TYPES } from '../catalog/rows.ts';
import type { Store } from '../store.ts';
import { isEmpty, type StoredRow, type Value } from '../values.ts';

/**
 * Lets the communication rows of a saved contact follow its phone and e-mail columns. Their ids
 * derive from contact and kind, so that the same saves leave the same tables.
 *
 * @param blank a new row of ContactCommunication with its stamps.
 */
export function syncCommunications(
  contact: StoredRow,
  changes: ReadonlyMap<string, Value>,
  store: Store,
  blank: () => StoredRow,
): void {
  for (const [column, typeId] of Object.entries(COMMUNICATION_TYPES)) {
    if (!changes.has(column)) continue;
    const number = contact[column] ?? '';
    const id = communicationId(String(contact['Id']), typeId);
    if (isEmpty(number)) {
      if (store.get('ContactCommunication', id) !== undefined) store.remove('ContactCommunication', id);
      continue;
    }
    store.put('ContactCommunication', {
      ...(store.get('ContactCommunication', id) ?? blank()),
      Id: id,
      ContactId: contact['Id'] ?? null,
      CommunicationTypeId: typeId,
      Number: number,
      SearchNumber: String(number).replaceAll(/\D/g, ''),
    });
  }
}

function communicationId(contactId: string, typeId: string): string {
  const digits = createHash('sha1').update(`${contactId} ${typeId}`).digest('hex');
  return digits.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-5$3-a$4-$5');
}
