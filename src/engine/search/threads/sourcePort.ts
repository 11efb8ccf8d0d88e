import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { IngestionError } from '../../ingestion/ingestionError.ts';
import { MAX_SOURCE_BYTES } from '../../ingestion/limits.ts';

/** A part of a file, its end, or that it could not be read. */
type Part = { bytes: Uint8Array } | { end: true } | { failed: true };

/** Sends a file to another thread through the port that is returned. Stops at a failure and when `signal` is aborted. */
export const sent = (source: AsyncIterable<Uint8Array>, signal: AbortSignal): MessagePort => {
  const { port1, port2 } = new MessageChannel();
  const send = (part: Part) => port1.postMessage(part);
  const sendAll = async () => {
    try {
      for await (const bytes of source) {
        if (signal.aborted) return send({ failed: true });
        send({ bytes });
      }
      send({ end: true });
    } catch {
      send({ failed: true });
    } finally {
      port1.close();
    }
  };
  void sendAll();
  return port2;
};

/** The whole file that comes in through `port`. Rejects with `IngestionError`. */
export const received = (port: MessagePort): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let length = 0;
    const fail = (error: Error) => {
      port.close();
      reject(error);
    };
    port.on('message', (part: Part) => {
      if ('failed' in part)
        return fail(new IngestionError('server_error', 'The content of the file could not be read.'));
      if ('bytes' in part) {
        length += part.bytes.byteLength;
        parts.push(part.bytes);
        if (length > MAX_SOURCE_BYTES) {
          fail(
            new IngestionError('invalid_file', `The file is too large. Expected at most ${MAX_SOURCE_BYTES} bytes.`),
          );
        }
        return;
      }
      const whole = new Uint8Array(length);
      let at = 0;
      for (const each of parts) {
        whole.set(each, at);
        at += each.byteLength;
      }
      port.close();
      resolve(whole);
    });
    port.on('close', () => reject(new IngestionError('server_error', 'The content of the file could not be read.')));
  });
