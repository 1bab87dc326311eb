import { isRollcallError, RollcallError } from '../../app/ports/errors.ts';
import type { Logger } from '../../app/ports/logger.ts';
import type { HttpDoor } from '../../http/types.ts';
import { ServiceDocument } from './schema.ts';

/** What a connector may keep between runs. */
export interface ConnectorMemory {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** .NET Framework sites have OData below `/0`, others at the root. */
const PREFIXES = ['/0', ''] as const;

export interface PathPrefix {
  /** `/0` or nothing: the remembered prefix, else the one that a probe finds (at most two requests). */
  get(signal?: AbortSignal): Promise<string>;
  /** The prefix worked: from now on a 404 is about what was asked for. */
  confirm(): void;
  /** The remembered prefix met a 404: probes anew unless it has worked before. Answers whether it has changed. */
  doubt(signal?: AbortSignal): Promise<boolean>;
}

export function createPathPrefix(options: {
  url: string;
  door: HttpDoor;
  memory: ConnectorMemory;
  logger: Logger;
  /** What a good session means that is refused everywhere; without it, that OData is not there. */
  distrust?: (cause: RollcallError) => RollcallError;
}): PathPrefix {
  const { url, door, memory, logger, distrust } = options;
  const key = `creatio.prefix:${url}`;
  let known: string | undefined;
  let confirmed = false;
  let search: Promise<string> | undefined;

  /**
   * Only a service document says "here", and only a 404 says "not here": a refused right or a maintenance page says
   * nothing of the prefix. A good session that is refused may mean either, so the other prefix is tried as well.
   */
  async function probe(signal: AbortSignal | undefined): Promise<string> {
    let refusal: RollcallError | undefined;
    for (const prefix of PREFIXES) {
      try {
        await door.send({
          method: 'GET',
          path: `${prefix}/odata/`,
          route: `GET ${prefix}/odata/`,
          schema: ServiceDocument,
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (!isRollcallError(error)) throw error;
        const refused = error.code === 'AUTHENTICATION' && error.details['reason'] === 'session expired';
        if (error.details['status'] !== 404 && !refused) throw error;
        if (refused) refusal ??= error;
        continue;
      }
      await memory.set(key, prefix);
      logger.info('Found where Creatio serves OData.', { prefix: `${prefix}/odata` });
      known = prefix;
      confirmed = true;
      return prefix;
    }
    if (refusal !== undefined && distrust !== undefined) throw distrust(refusal);
    throw new RollcallError(
      'CONFIGURATION',
      'Creatio serves OData neither below /0/odata nor below /odata.',
      {
        cure: 'Give the root address of the Creatio site in the configuration, and check that OData 4 is not switched off.',
        ...(refusal === undefined ? {} : { cause: refusal }),
      },
    );
  }

  async function once(find: () => Promise<string>): Promise<string> {
    search ??= find().finally(() => {
      search = undefined;
    });
    return search;
  }

  return {
    async get(signal) {
      if (known !== undefined) return known;
      return once(async () => {
        const kept = await memory.get(key);
        known = PREFIXES.find((prefix) => prefix === kept);
        return known ?? probe(signal);
      });
    },
    confirm() {
      confirmed = true;
    },
    async doubt(signal) {
      if (confirmed) return false;
      const before = known;
      return (await once(() => probe(signal))) !== before;
    },
  };
}
