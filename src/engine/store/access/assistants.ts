import type { RestAssistant } from '../../../wire/assistant.ts';
import type { ModelSettings } from '../modelSettings.ts';
import type { PageRequest, StoredPage } from './page.ts';

export interface AssistantReads {
  get(assistantId: string): Promise<RestAssistant | undefined>;
  /** With the settings of its model calls. */
  withSettings(assistantId: string): Promise<{ assistant: RestAssistant; settings: ModelSettings } | undefined>;
  /** The settings of several assistants, by id, without those that have none. */
  settingsOfAll(assistantIds: readonly string[]): Promise<Map<string, ModelSettings>>;
  list(page: PageRequest): Promise<StoredPage<RestAssistant>>;
}

export interface AssistantWrites extends AssistantReads {
  insert(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
  /** Reads the assistant and locks it until the transaction ends. What starts runs of it does not wait for that. */
  lock(assistantId: string): Promise<RestAssistant | undefined>;
  /** The assistant has to be locked. */
  update(assistant: RestAssistant, settings: ModelSettings): Promise<void>;
  /** False if there was none. */
  remove(assistantId: string): Promise<boolean>;
}
