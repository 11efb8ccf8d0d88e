import type { Subject } from '../../subjects/subject.ts';
import { requests } from '../requests.ts';
import { startOf } from '../startOf.ts';

export const yoga: Subject = {
  name: 'yoga',
  label: 'graphql-yoga, global fetch, no loader',
  start: startOf('yoga'),
  requests,
};
