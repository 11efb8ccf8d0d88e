import { signingKeyOf } from '../../engine/tools/signature.ts';
import { pairsOf } from './modelParsers.ts';
import { httpUrl } from './parsers.ts';
import { NotAllowed } from './setting.ts';

const isWebhookUrl = (value: string): boolean => httpUrl(value)?.hash === '';

/** URLs of webhooks by the names of functions. */
export const toolWebhooks = (value: string): ReadonlyMap<string, string> => {
  const allowed =
    'names of functions (letters, digits, _ -) and http or https URLs without user name, password, fragment or comma, ' +
    'each name once, such as get_weather=https://tools.example/weather,get_time=https://tools.example/time';
  const pairs = pairsOf(value, allowed);
  if ([...pairs].every(([name, url]) => /^[\w-]{1,64}$/.test(name) && isWebhookUrl(url))) return pairs;
  throw new NotAllowed(allowed);
};

/** URLs of webhooks. */
export const webhookUrls = (value: string): readonly string[] => {
  const urls = value.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
  if (urls.every(isWebhookUrl) && new Set(urls).size === urls.length) return urls;
  throw new NotAllowed(
    'http or https URLs without user name, password, fragment or comma, each once, such as https://app.example/runs',
  );
};

/** Sizes of keys that Standard Webhooks allows, in bytes. */
const [smallestKey, largestKey] = [24, 64];

/** A secret as Standard Webhooks writes it; undefined if it is empty. */
export const webhookSecret = (value: string): string | undefined => {
  if (value === '') return undefined;
  const { length } = signingKeyOf(value);
  if (/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(value) && length >= smallestKey && length <= largestKey) return value;
  throw new NotAllowed(`whsec_ and ${smallestKey} to ${largestKey} bytes in base64`);
};
