/** A person as sentences name them: name and login. */
export function displayNameOf(person: { readonly displayName: string; readonly login: string }): string {
  return `${person.displayName} (${person.login})`;
}
