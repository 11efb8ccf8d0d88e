import type { ServerResponse } from 'node:http';
import { ManualCancellation } from '../rest/cancellation.ts';
import { onClientLeft } from './clientLeft.ts';

/** Happens when the client leaves before it has the whole response, also if it has left already. */
export const cancelledWith = (response: ServerResponse): ManualCancellation => {
  const cancellation = new ManualCancellation();
  if (response.destroyed) cancellation.cancel();
  else onClientLeft(response, () => cancellation.cancel());
  return cancellation;
};
