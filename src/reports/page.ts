import { createHash } from 'node:crypto';
import { sandboxTenant } from '../config/tenant.ts';
import { clientScript, readAsset } from './client-script.ts';
import { type Content, Html, html } from './html.ts';

/** A self-contained page: its content and its script. */
export interface Page {
  readonly title: string;
  /** The tenant whose data it shows; the simulated one gets a banner. */
  readonly tenant: string;
  readonly body: Content;
  /** Style sheets beside this file, after the one that every page has. */
  readonly styles: readonly string[];
  /** The module beside this file that the page runs. */
  readonly script: string;
}

/**
 * One self-contained HTML page: it asks no network for anything, and its policy lets it run no script and no style but
 * its own, by their hashes, whatever a name in it may say.
 */
export function renderPage({ title, tenant, body, styles, script: entry }: Page): string {
  const style = ['page.css', ...styles].map(readAsset).join('');
  const script = clientScript(entry);
  const policy = [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
${tenant === sandboxTenant ? banner : null}${body}
<script>${new Html(script)}</script>
</body>
</html>
`}`;
}

const banner = html`<p class="banner" role="note">Simulated data: this report was made in the sandbox, not on a real platform.</p>
`;

const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
