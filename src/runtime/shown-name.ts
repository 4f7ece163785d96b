const hidden = '[redacted]';

/**
 * A name that stands in somebody's job, as an error or a log may say it. What has blanks or is long may be a customer's
 * text in the wrong place.
 */
export function shownName(value: unknown): string {
  return typeof value === 'string' && name.test(value) ? value : hidden;
}

/** A job's id, as a log or the board may say it: ids that others give may be anything. */
export function shownId(value: unknown): string {
  return typeof value === 'string' && idForms.some(form => form.test(value)) ? value : hidden;
}

const name = /^[\w.:-]{1,80}$/;
/** BullMQ's own ids, those of a schedule's jobs, and ours: a kind and what it is about, joined by dots. */
const idForms = [
  /^\d{1,16}$/,
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  /^repeat:[A-Za-z0-9][\w.-]{0,99}:\d{1,16}$/,
  /^[a-z][a-z-]{0,31}(\.[A-Za-z0-9_-]{1,100}){1,6}$/,
];
