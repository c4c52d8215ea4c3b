// @ts-check
/**
 * Unit tests that take as long as all others together: the largest and oddest input, and every regular expression.
 * `npm test` runs them beside the servers, and `npm run test:unit`, for each change, leaves them out.
 */
export const slowUnitTests = ["expressions", "hostile", "hostile-confs", "hostile-descriptions", "injection", "injection-reports"].map((name) => `test/${name}.test.ts`);
