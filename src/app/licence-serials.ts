import type { DirectoryLicence } from '../domain/person.ts';
import type { AppDeps } from './deps.ts';
import { RollcallError } from './ports/errors.ts';

/** Picks the licences that grants are made from. */
export interface LicenceSerials {
  /**
   * The serial of a valid licence of the product with a seat left, the one that lasts longest; the seat counts as taken.
   *
   * @throws RollcallError `QUOTA` when there is none
   */
  take(product: string): Promise<string>;
}

/** Reads the directory's licences when the first one is needed; a serial changes at every renewal (design §4). */
export function createLicenceSerials(
  deps: Pick<AppDeps, 'directory' | 'clock'>,
  signal: AbortSignal | undefined,
): LicenceSerials {
  let reading: Promise<readonly DirectoryLicence[]> | null = null;
  const taken = new Map<string, number>();
  return {
    async take(product) {
      reading ??= deps.directory.readLicences(signal).then(({ items }) => items);
      const now = deps.clock.now();
      const [best] = (await reading)
        .filter((licence) => licence.product === product && isValid(licence, now) && seatsOf(licence) > 0)
        .toSorted((a, b) => endOf(b) - endOf(a));
      if (best === undefined)
        throw new RollcallError('QUOTA', `No seat of ${product} is left in the directory.`, {
          cure: 'Free one in the directory, or buy more.',
        });
      taken.set(best.serial, (taken.get(best.serial) ?? 0) + 1);
      return best.serial;
    },
  };

  function seatsOf({ serial, remain, competitive }: DirectoryLicence): number {
    return competitive ? Number.POSITIVE_INFINITY : remain - (taken.get(serial) ?? 0);
  }
}

function isValid({ validUntil }: DirectoryLicence, now: number): boolean {
  return validUntil === null || validUntil > now;
}

function endOf({ validUntil }: DirectoryLicence): number {
  return validUntil ?? Number.MAX_SAFE_INTEGER;
}
