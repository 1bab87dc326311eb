import { createServiceClient, type ServiceClient } from '../server/client.ts';
import { findLocalServer } from './listen.ts';
import { type PartsOptions, readDocuments } from './parts.ts';
import { systemClock } from './surroundings.ts';

/** The service that holds the data directory of this configuration, if the process that holds it is one. */
export async function findService(options: PartsOptions, holder: number): Promise<ServiceClient | null> {
  const { config } = readDocuments(options);
  const server = await findLocalServer(config.data, holder);
  if (server === null) return null;
  options.onSecrets([server.token]);
  return createServiceClient(server, systemClock);
}
