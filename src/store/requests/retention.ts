import { filesOf } from '../retention/rule.ts';

/** Accepted requests and cancellations: a job that runs again reads them, so that nothing is done twice. */
export const acceptedRetention = filesOf('accepted', { kind: 'notes', term: 'notesMs' });
export const cancellationRetention = filesOf('cancelled', { kind: 'notes', term: 'notesMs' });
