import type { IncomingMessage } from 'node:http';
import { BodyCutShort } from './body.ts';
import { allowSlowBody } from './slowBodies.ts';

/** Bytes that wait for their reader before the client has to wait. */
const bufferedBytes = 256 * 1024;

/**
 * The body of a request as it arrives, read from the connection only as fast as the stream is read. It fails with BodyCutShort.
 * Unlike that of `Readable.toWeb`, its cancellation leaves the connection open, so that the client still gets a response.
 */
export const bodyStream = (request: IncomingMessage): ReadableStream<Uint8Array> => {
  allowSlowBody(request);
  let cancel: (() => void) | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const take = (chunk: Buffer) => {
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) request.pause();
        };
        const end = () => {
          release();
          controller.close();
        };
        const cutShort = () => {
          release();
          controller.error(new BodyCutShort());
        };
        const release = () => {
          request.off('data', take).off('end', end).off('error', cutShort).off('close', cutShort).pause();
        };
        cancel = release;
        if (request.destroyed) return cutShort();
        request.on('data', take).once('end', end).once('error', cutShort).once('close', cutShort).pause();
      },
      pull: () => {
        request.resume();
      },
      cancel: () => cancel?.(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferedBytes }),
  );
};
