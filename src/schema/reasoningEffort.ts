import { builder } from './builder.ts';

export const ReasoningEffort = builder.enumType('ReasoningEffort', {
  description: 'How much effort a reasoning model puts into reasoning.',
  values: {
    NONE: { value: 'none', description: 'No reasoning.' },
    MINIMAL: { value: 'minimal', description: 'Minimal reasoning effort.' },
    LOW: { value: 'low', description: 'Low reasoning effort.' },
    MEDIUM: { value: 'medium', description: 'Medium reasoning effort.' },
    HIGH: { value: 'high', description: 'High reasoning effort.' },
    XHIGH: { value: 'xhigh', description: 'Extra-high reasoning effort.' },
    MAX: { value: 'max', description: 'The maximum reasoning effort of the model.' },
  } as const,
});
