import { fileTour } from './tour/files.ts';
import { firstRun } from './tour/firstRun.ts';
import { functionCall } from './tour/functionCall.ts';
import { pages } from './tour/pages.ts';
import type { TourStop } from './tour/stop.ts';

/**
 * Operations to execute one after the other, on an empty store, with the offline model or any other. Free-form JSON is in the document and
 * not in the variables, where the editor would mark it as wrong: it accepts only plain values for a custom scalar.
 */
export const tour: readonly TourStop[] = [...firstRun, ...functionCall, ...pages, ...fileTour];

/** The tour with another model than the offline one. */
export const tourWith = (model: string): TourStop[] =>
  tour.map((stop) => ({
    ...stop,
    query: stop.query.replace('model: "offline"', () => `model: ${JSON.stringify(model)}`),
  }));
