/** How a search term is read. */
export interface LikeOptions {
  caseSensitive?: boolean;
  /** The term may stand anywhere in the value; otherwise it must match the whole value. */
  contains?: boolean;
  /** `_` and `%` stand for themselves; otherwise they are SQL wildcards that came through. */
  escapeLike: boolean;
}

/** Compiles a search term: `*` is any run of characters, `?` one character. */
export function compileLike(term: string, options: LikeOptions): (value: string) => boolean {
  const any = options.escapeLike ? /^\*$/ : /^[*%]$/;
  const one = options.escapeLike ? /^\?$/ : /^[?_]$/;
  let pattern = '';
  for (const character of term) {
    if (any.test(character)) pattern += '.*';
    else if (one.test(character)) pattern += '.';
    else pattern += character.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`);
  }
  const whole = options.contains === true ? pattern : `^(?:${pattern})$`;
  const regex = new RegExp(whole, options.caseSensitive === true ? 'su' : 'siu');
  return (value) => regex.test(value);
}
