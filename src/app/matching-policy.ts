import type { CorrelationPolicy } from '../domain/correlation/types.ts';
import type { AppDeps } from './deps.ts';

/** How people are matched: what the administrator chose, and what the mapping says of the numbers. */
export function matchingPolicy({ mapping, policy }: Pick<AppDeps, 'mapping' | 'policy'>): CorrelationPolicy {
  const { country } = mapping.contact;
  return { preset: policy.matching, ...(country === undefined ? {} : { country }) };
}
