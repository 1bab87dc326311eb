/** Without characters that look alike or that a policy might forbid. */
const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '!#$*+-=?@_'] as const;
const LENGTH = 40;

/** A password that meets any sensible policy and that nobody is meant to know: ten characters of each class. */
export function newPassword(randomBytes: (count: number) => Uint8Array): string {
  return Array.from(randomBytes(LENGTH), (byte, at) => {
    const characters = CLASSES[at % CLASSES.length] ?? CLASSES[0];
    return characters.charAt(byte % characters.length);
  }).join('');
}
