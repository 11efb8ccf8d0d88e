import { crossFetch } from '../../src/rest/crossFetch.ts';
import { undiciFetch } from '../../src/rest/undiciFetch.ts';

/** What REST calls of tests go through. `TEST_TRANSPORT=cross-fetch npm test` runs them over the other one. */
export const transport = process.env['TEST_TRANSPORT'] === 'cross-fetch' ? crossFetch : undiciFetch;
