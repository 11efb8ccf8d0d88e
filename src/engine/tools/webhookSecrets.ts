import { secretFormsOf } from '../models/endpoint/secrets.ts';
import { webhookUrlSecrets } from './urlSecrets.ts';

/** `signing`: the forms of the key that signs requests to webhooks. `all`: these, and what of the URLs may be a key. */
export const webhookSecrets = (urls: readonly string[], secret: string): { signing: string[]; all: string[] } => {
  const signing = secretFormsOf([secret, secret.replace(/^whsec_/, '')]);
  const ofUrls = urls.flatMap(webhookUrlSecrets);
  return { signing, all: [...secretFormsOf(ofUrls), ...signing] };
};
