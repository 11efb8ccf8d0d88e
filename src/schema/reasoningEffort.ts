import { builder } from './builder.ts';

export const ReasoningEffort = builder.enumType('ReasoningEffort', {
  description: 'How much a reasoning model thinks before it answers.',
  values: {
    NONE: { value: 'none', description: 'Not at all.' },
    MINIMAL: { value: 'minimal', description: 'Barely.' },
    LOW: { value: 'low', description: 'A little.' },
    MEDIUM: { value: 'medium', description: 'As much as is usual.' },
    HIGH: { value: 'high', description: 'A lot.' },
    XHIGH: { value: 'xhigh', description: 'More than a lot.' },
    MAX: { value: 'max', description: 'As much as the model can.' },
  } as const,
});
