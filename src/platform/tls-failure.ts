/** The server's certificate is not signed by an authority that Node knows. */
const unknownAuthority: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
];

/** Everything else that ends a TLS handshake for good, with the remedy. */
const otherFailures: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired: renew it, and check the clock of this machine',
  CERT_NOT_YET_VALID: 'it is not valid yet: check the clock of this machine',
  CERT_REVOKED: 'it was revoked: replace it',
  CERT_REJECTED: 'it was rejected: replace it',
  HOSTNAME_MISMATCH: 'it belongs to another host name: check the base URL',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it belongs to another host name: check the base URL',
};

/** Codes of a handshake that failed before any request was sent. Codes of an established connection are not among them. */
const handshake =
  /^(EPROTO|ERR_TLS_(HANDSHAKE|INVALID|REQUIRED).*|ERR_SSL_.*(WRONG_VERSION|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|HANDSHAKE_FAILURE|NO_CIPHERS|CERTIFICATE|UNKNOWN_CA|UNRECOGNIZED_NAME|PACKET_LENGTH_TOO_LONG|RECORD_LAYER).*)$/;

/**
 * What is wrong, and what to do, if a connection could not be made because of TLS: a retry cannot help. `null` for every
 * other reason.
 */
export function tlsProblem(reason: string): string | null {
  if (unknownAuthority.includes(reason))
    return `its certificate is not trusted (${reason}): set NODE_EXTRA_CA_CERTS to the file of your certificate authority, and restart`;
  const other = otherFailures[reason];
  if (other !== undefined)
    return `its certificate is not accepted (${reason}): ${other}. If a TLS proxy replaced it, set NODE_EXTRA_CA_CERTS to that proxy's authority`;
  if (handshake.test(reason))
    return `the TLS handshake failed (${reason}): check that the port speaks TLS, or use http:// in the base URL; if a TLS proxy intercepts it, set NODE_EXTRA_CA_CERTS to that proxy's authority`;
  return null;
}
