import { Option } from 'commander';
import { z } from 'zod';
import { EXPLANATION_LANGUAGES } from '../../app/explain.ts';

export const Language = z.enum(EXPLANATION_LANGUAGES);

/** In which language decisions are explained. */
export function languageOption(): Option {
  return new Option('--lang <language>', 'the language of the explanations')
    .choices([...EXPLANATION_LANGUAGES])
    .default('en');
}
