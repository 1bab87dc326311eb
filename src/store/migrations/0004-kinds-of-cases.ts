/** Cases of other kinds than matches: what stands in the way of a push. */
export const migration = {
  version: 4,
  name: 'kinds of cases',
  sql: `
ALTER TABLE rollcall.review_case ADD COLUMN kind text NOT NULL DEFAULT 'match';
`,
} as const;
