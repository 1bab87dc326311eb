/**
 * One alphabet for each category that a policy may ask for, without letters that look alike. The
 * number of characters of each divides 256 evenly or wastes little, since bytes beyond a multiple are thrown away.
 */
const CATEGORIES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!#%+:=?@'] as const;
const ALL = CATEGORIES.join('');
const LENGTH = 20;

/**
 * A password with every category in it, in random places.
 *
 * @param minLength characters that the policy asks for; never more than 60 are made
 */
export function newPassword(randomBytes: (count: number) => Uint8Array, minLength = 0): string {
  const length = Math.min(60, Math.max(LENGTH, minLength));
  const characters = CATEGORIES.map((category) => pick(category, randomBytes));
  while (characters.length < length) characters.push(pick(ALL, randomBytes));
  for (let place = characters.length - 1; place > 0; place -= 1) {
    const other = below(place + 1, randomBytes);
    [characters[place], characters[other]] = [characters[other] ?? '', characters[place] ?? ''];
  }
  return characters.join('');
}

function pick(alphabet: string, randomBytes: (count: number) => Uint8Array): string {
  return alphabet.charAt(below(alphabet.length, randomBytes));
}

/** A number from 0 up to `limit`, each as likely as the others. */
function below(limit: number, randomBytes: (count: number) => Uint8Array): number {
  const fair = 256 - (256 % limit);
  for (;;) {
    const [byte] = randomBytes(1);
    if (byte !== undefined && byte < fair) return byte % limit;
  }
}
