/**
 * The same keys under three layouts: what is typed when somebody forgets to switch. Source: the Ukrainian (enhanced),
 * Russian and US layouts of Windows and X11. Shifted keys give capitals, which do not matter here.
 */
export const KEYS = {
  latin: "`qwertyuiop[]asdfghjkl;'zxcvbnm,.",
  ukrainian: "'йцукенгшщзхїфівапролджєячсмитьбю",
  russian: 'ёйцукенгшщзхъфывапролджэячсмитьбю',
} as const;
