import { createHmac } from 'node:crypto';

/** The key in a secret of the form `whsec_` and base64. */
export const signingKeyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/**
 * The headers that sign a request as the Standard Webhooks specification (1.0) says: an HMAC-SHA256 of id, time and body.
 * `seconds` is the Unix time of this attempt, since receivers reject requests that are minutes old.
 */
export const signedHeaders = (key: Buffer, id: string, seconds: number, body: string): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`,
});
