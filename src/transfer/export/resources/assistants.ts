import { pagesOf } from '../pages.ts';
import type { ExportedResource } from './resource.ts';

export const exportedAssistants: ExportedResource = {
  name: 'assistants',
  pages: (rest) => pagesOf('assistants', (request) => rest.assistants.list(request)),
};
