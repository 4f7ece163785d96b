import { banking77Names } from './banking77.ts';
import { clinc150Names } from './clinc150.ts';
import type { WrittenIntent } from './intents.ts';

/** What the tenant once had: not listed any more, and no threshold can be set for it. */
const archived: readonly WrittenIntent[] = [
  'branch_opening_hours',
  'cheque_book_request',
  'christmas_campaign',
  'fax_number',
  'sms_banking',
].map(name => ({ id: `archived-${idOf(name)}`, name, archived: true }));

/**
 * The tenant's intents unless others are given: 226 active ones and five archived, by name. So those that a
 * cross-validation of the banking bot is about appear on every page of the list.
 */
export function builtInIntents(): readonly WrittenIntent[] {
  const banking = banking77Names.map(name => ({ id: idOf(name), name }));
  const assistant = clinc150Names.map(name => ({ id: `clinc-${idOf(name)}`, name }));
  return [...banking, ...assistant, ...archived].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** `reverted_card_payment?` is `reverted-card-payment`: lower case, other characters become one `-` between words. */
function idOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
