import { pagesOf } from '../pages.ts';
import type { ExportedResource } from './resource.ts';

export const assistants: ExportedResource = {
  name: 'assistants',
  pages: (rest) => pagesOf('assistants', (request) => rest.assistants.list(request)),
};
