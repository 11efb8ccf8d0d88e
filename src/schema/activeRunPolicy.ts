import { builder, type InputFields } from './builder.ts';

const ActiveRunPolicy = builder.enumType('ActiveRunPolicy', {
  description: 'What to do where a thread has an active run, and so takes neither another run nor a message.',
  values: {
    REJECT: { description: 'Give the error: `CONFLICT`, with the run in the way as `extensions.activeRunId`.' },
    WAIT: { description: 'Wait until the active run has ended, then go on.' },
    CANCEL: { description: 'Cancel the active run, wait until that has happened, then go on.' },
  } as const,
});

export const onActiveRun = (t: InputFields) =>
  t.field({
    type: ActiveRunPolicy,
    defaultValue: 'REJECT',
    description:
      'What to do where the thread has an active run. Waiting has a limit that the server sets, 60 seconds by default; past it the error is given all the same.',
  });
