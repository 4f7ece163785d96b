import { describe, expect, it } from 'vitest';
import { escaped, html, jsonElement } from '../../src/reports/html.ts';

describe('markup', () => {
  it('escapes what is put into it, in text and in quoted attributes', () => {
    expect(escaped(`a<b>"c"&'d'`)).toBe('a&lt;b&gt;&quot;c&quot;&amp;&#39;d&#39;');
    expect(String(html`<p title="${'" onclick="x'}">${'<i>'}</p>`)).toBe(
      '<p title="&quot; onclick=&quot;x">&lt;i&gt;</p>',
    );
  });

  it('takes markup, lists, numbers and nothing', () => {
    expect(String(html`<ul>${[html`<li>${1}</li>`, [html`<li>${'&'}</li>`], null]}</ul>`)).toBe(
      '<ul><li>1</li><li>&amp;</li></ul>',
    );
  });

  it('keeps JSON within its element', () => {
    const value = { text: '</script><!--<script>', list: [1, null] };
    const element = String(jsonElement('data', value));
    expect(element.match(/</g)).toHaveLength(2);
    expect(JSON.parse(element.replace(/^<[^>]*>|<\/script>$/g, ''))).toEqual(value);
  });
});
