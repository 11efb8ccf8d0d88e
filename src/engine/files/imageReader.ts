import type { ReadImage } from '../runs/promptMessage.ts';
import type { Store } from '../store/store.ts';
import { type BlobStore, BlobMissingError } from './blobStore.ts';

/** By the API's guide to images. Larger ones are only mentioned to the model, as are files that are no images. */
const maxBytes = 20 * 1024 * 1024;

/** The first bytes of the images that models accept, in hexadecimal digits. A `.` stands for any digit. */
const signatures: readonly [mediaType: string, signature: RegExp][] = [
  ['image/png', /^89504e470d0a1a0a/u],
  ['image/jpeg', /^ffd8ff/u],
  ['image/gif', /^47494638(37|39)61/u],
  ['image/webp', /^52494646.{8}57454250/u],
];

/** Reads images from the files of the tenant that has the thread. The filename and the purpose do not matter. */
export const imageReader =
  (blobs: Pick<BlobStore, 'read'>, store: Pick<Store, 'forTenant' | 'threads'>): ReadImage =>
  async (fileId, threadId) => {
    const tenant = await store.threads.tenantOf(threadId);
    const stored = tenant === undefined ? undefined : await store.forTenant(tenant).files.get(fileId);
    if (stored === undefined || stored.file.bytes > maxBytes) return undefined;
    const chunks: Uint8Array[] = [];
    let mediaType: string | undefined;
    try {
      for await (const chunk of blobs.read(stored.sha256)) {
        mediaType ??= mediaTypeOf(chunk);
        if (mediaType === undefined) return undefined;
        chunks.push(chunk);
      }
    } catch (error) {
      if (error instanceof BlobMissingError) return undefined; // The file was deleted meanwhile.
      throw error;
    }
    return mediaType === undefined ? undefined : { bytes: Buffer.concat(chunks), mediaType };
  };

const mediaTypeOf = (content: Uint8Array): string | undefined => {
  const start = Buffer.from(content.subarray(0, 16)).toString('hex');
  return signatures.find(([, signature]) => signature.test(start))?.[0];
};
