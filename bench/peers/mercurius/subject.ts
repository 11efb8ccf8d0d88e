import type { Subject } from '../../subjects/subject.ts';
import { requests } from '../requests.ts';
import { startOf } from '../startOf.ts';

export const mercurius: Subject = {
  name: 'mercurius',
  label: 'mercurius: jit, loaders, undici',
  start: startOf('mercurius'),
  requests,
};
