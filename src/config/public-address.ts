import { isIP } from 'node:net';
import { z } from 'zod';
import { plainUrl, type Section, type Setting, type SettingReader } from './setting.ts';

/** Where callers reach the HTTP server, if a reverse proxy is in front of it. */
export interface PublicAddress {
  /** Scheme, host and path, without a trailing slash; `null`: as each request names it. */
  readonly publicUrl: string | null;
  /** Addresses and CIDR blocks of proxies whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
}

const publicUrl: Setting<string> = {
  name: 'PUBLIC_URL',
  description:
    'URL under which callers reach this server, with its path: `https://mlops.example/cxone`. All links in answers use it',
  example: null,
  unset: 'links use the host of each request',
  schema: plainUrl,
};
const trustProxy: Setting<readonly string[]> = {
  name: 'TRUST_PROXY',
  description:
    'Addresses or CIDR blocks, separated by commas, of reverse proxies whose `X-Forwarded-For`, `-Host`, `-Proto` and `-Prefix` count',
  example: null,
  unset: 'these headers are ignored',
  schema: z.string().transform((value, context) => {
    const blocks = value
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== '');
    for (const block of blocks.filter(each => !isBlock(each)))
      context.addIssue({
        code: 'custom',
        message: `${JSON.stringify(block)} is not an address or CIDR block, such as 10.0.0.5 or 10.0.0.0/24`,
      });
    return blocks;
  }),
};

/** A block of all addresses would let every caller claim to be another. */
function isBlock(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export function readPublicAddress(reader: SettingReader): PublicAddress {
  return {
    publicUrl: reader.read(publicUrl)?.replace(/\/+$/, '') ?? null,
    trustedProxies: reader.read(trustProxy) ?? [],
  };
}

export const publicAddressSections: readonly Section[] = [
  {
    title: 'Behind a reverse proxy',
    introduction: 'For `up` and `api`; docs/http-api.md shows a configuration of nginx.',
    settings: [publicUrl, trustProxy],
  },
];
