export { explain, inLanguage } from '../domain/correlation/explain.ts';
export { EXPLANATION_LANGUAGES, type ExplanationLanguage } from '../domain/correlation/sentences.ts';
