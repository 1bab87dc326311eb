import type { FieldValue } from '../person.ts';

/** The transforms that a mapping may name, in the order in which the documentation lists them. */
export const TRANSFORM_NAMES = ['none', 'trim', 'lowercase', 'digits'] as const;

export type TransformName = (typeof TRANSFORM_NAMES)[number];

const TRANSFORMS: Readonly<Record<TransformName, (text: string) => string>> = {
  none: (text) => text,
  trim: (text) => text.trim().replace(/\s+/gu, ' '),
  lowercase: (text) => text.toLowerCase(),
  digits: (text) => text.replace(/\D/g, ''),
};

/** Applies a named transform; a value that is no text passes unchanged, an empty result is `null`. */
export function applyTransform(name: TransformName, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  const text = TRANSFORMS[name](value);
  return text === '' ? null : text;
}
