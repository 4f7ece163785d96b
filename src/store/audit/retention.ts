import { filesOf } from '../retention/rule.ts';

/** Notes of entries that the log holds once. After the longest time that a job can wait they are not needed. */
export const auditNoteRetention = filesOf('audit/once', { kind: 'notes', term: 'notesMs' });
