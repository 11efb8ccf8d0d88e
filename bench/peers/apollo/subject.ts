import type { Subject } from '../../subjects/subject.ts';
import { requests } from '../requests.ts';
import { startOf } from '../startOf.ts';

export const apolloServer: Subject = {
  name: 'apollo',
  label: 'Apollo Server 5 + datasource-rest',
  start: startOf('apollo'),
  requests,
};
