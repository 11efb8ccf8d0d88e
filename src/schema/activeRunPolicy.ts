import { builder, type InputFields } from './builder.ts';

const ActiveRunPolicy = builder.enumType('ActiveRunPolicy', {
  description: 'What to do if a thread has an active run, which blocks new runs and new messages.',
  values: {
    REJECT: { description: 'Return a `CONFLICT` error at once. Its `extensions.activeRunId` names the active run.' },
    WAIT: { description: 'Wait for the active run to end, then continue.' },
    CANCEL: { description: 'Cancel the active run, wait for it to end, then continue.' },
  } as const,
});

export const onActiveRun = (t: InputFields) =>
  t.field({
    type: ActiveRunPolicy,
    defaultValue: 'REJECT',
    description:
      'What to do if the thread has an active run. `WAIT` and `CANCEL` wait up to a limit set by the server, 60 seconds by default, and then return the `CONFLICT` error.',
  });
