import { describe, expect, test } from 'vitest';
import { startFacade } from '../support/facade.ts';
import { file } from './fixtures.ts';

describe('a file', () => {
  test('that two look-ups ask for costs one REST call', async () => {
    const { query, upstream } = await startFacade({ 'GET /files/file-1': file });

    expect(
      await query(
        '{ a: file(fileId: "file-1") { filename bytes purpose } b: file(fileId: "file-1") { fileId createdAt } }',
      ),
    ).toEqual({
      data: {
        a: { filename: 'rye.md', bytes: 5_000_000_000, purpose: 'FINE_TUNE' },
        b: { fileId: 'file-1', createdAt: '2023-11-14T22:30:00.000Z' },
      },
    });
    expect(upstream.paths()).toEqual(['GET /files/file-1']);
  });
});
