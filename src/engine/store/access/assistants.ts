import type { RestAssistant } from '../../../wire/assistant.ts';
import type { ModelSettings } from '../modelSettings.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface AssistantReads {
  get(assistantId: string): Promise<RestAssistant | undefined>;
  /** With the settings of its model calls. */
  withSettings(assistantId: string): Promise<{ assistant: RestAssistant; settings: ModelSettings } | undefined>;
  list(page: PageRequest): Promise<StoredPage<RestAssistant>>;
}

export interface AssistantWrites extends AssistantReads {
  insert(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
  update(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
  /** False if there was none. */
  remove(assistantId: string): Promise<boolean>;
}
