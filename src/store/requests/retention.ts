import { filesOf, type RetentionRule } from '../retention/rule.ts';
import { endedFolder } from './request-list.ts';

/** Accepted requests and cancellations: a job that runs again reads them, so that nothing is done twice. */
export const acceptedRetention = filesOf('accepted', { kind: 'notes', term: 'notesMs' });
export const cancellationRetention = filesOf('cancelled', { kind: 'notes', term: 'notesMs' });

/** The list of requests that have ended, a day at a time. Open requests stay listed. */
export const endedRequestRetention: RetentionRule = {
  kind: 'notes',
  term: 'notesMs',
  async *expired(store, before) {
    for (const day of await store.list(endedFolder))
      if (Date.parse(`${day}T23:59:59.999Z`) < before) yield { keys: [`${endedFolder}/${day}`] };
  },
};
