// The receipt's token, opened and verified in the reader's own browser.
//
// The digits stand in the fragment of the address, so this server never sees them: they may carry
// the key to the answers. What sync/token.py writes is one fixed form; anything else is refused.
// noble verifies instead of WebCrypto: it also works on a plain http line inside an office, where
// browsers hide WebCrypto, and every phone then judges alike.

import { blake2b } from "./noble/blake2.js";
import { hashes, verify } from "./noble/ed25519.js";
import { sha512 } from "./noble/sha2.js";

hashes.sha512 = sha512;

const DIGITS_MAX = 771;
const TOKEN_BYTES_MAX = 320;
const KEY_ID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const SECRET_BYTES = 16;
const CLAIM_OFFICE = 1, CLAIM_ISSUED_AT = 6, CLAIM_ID = 7, CLAIM_RECEIPT = -65537;
const NUMBER_BITS = 30n;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const FIELD_POLYNOMIAL = 0b100101;
const NO_BYTES = new Uint8Array(0);

export class NotAReceipt extends Error {}
export class Altered extends Error {}

const utf8 = new TextEncoder();
const text = new TextDecoder("utf-8", { fatal: true });

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromHex = (digits) => Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));

// The token behind the digits: its key id, what was signed, the signature.
export function open(digits) {
  if (digits.length > DIGITS_MAX || !/^[1-9][0-9]*$/.test(digits)) throw new NotAReceipt();
  let number = BigInt(digits).toString(16);
  if (number.length % 2) number = "0" + number;
  const token = fromHex(number);
  if (token.length > TOKEN_BYTES_MAX) throw new NotAReceipt();
  const reader = new Reader(token);
  reader.expect([0xd2, 0x84]); // COSE_Sign1: tag 18, an array of four
  const protectedHeader = reader.bytes();
  reader.expect([0xa0]); // nothing unprotected
  const payload = reader.bytes();
  const signature = reader.bytes();
  reader.end();
  const header = new Reader(protectedHeader);
  header.expect([0xa2, 0x01, 0x27, 0x04]); // EdDSA, and the key id
  const keyId = header.bytes();
  header.end();
  if (keyId.length !== KEY_ID_BYTES || signature.length !== SIGNATURE_BYTES) throw new NotAReceipt();
  return { keyId, protectedHeader, payload, signature };
}

// What the receipt states, if that key signed it.
export function claims(token, key) {
  const signed = join([0x84], cborText("Signature1"), cborBytes(token.protectedHeader), cborBytes(NO_BYTES), cborBytes(token.payload));
  let fits = false;
  try {
    fits = verify(token.signature, signed, key, { zip215: false });
  } catch {
    fits = false;
  }
  if (!fits) throw new Altered();
  const reader = new Reader(token.payload);
  const document = reader.item();
  reader.end();
  if (!(document instanceof Map) || !Array.isArray(document.get(CLAIM_RECEIPT))) throw new NotAReceipt();
  const [number, service, feeLak, secret] = document.get(CLAIM_RECEIPT);
  const id = document.get(CLAIM_ID);
  if (typeof number !== "number" || typeof service !== "string") throw new NotAReceipt();
  if ((secret === null) === (id === undefined)) throw new NotAReceipt();
  if (secret !== null && secret.length !== SECRET_BYTES) throw new NotAReceipt();
  return {
    reference: reference(number),
    service,
    office: document.get(CLAIM_OFFICE),
    issuedAt: new Date(document.get(CLAIM_ISSUED_AT) * 1000),
    feeLak,
    application: secret === null ? hex(id) : applicationId(secret),
  };
}

// The application's id is a hash of the secret: the id may travel, the secret may not.
export function applicationId(secret) {
  const personalization = new Uint8Array(16);
  personalization.set(utf8.encode("application-id"));
  return hex(blake2b(secret, { dkLen: 16, personalization }));
}

// The reference as it is printed: ten symbols and two Reed-Solomon checks (sync/reference.py).
export function reference(number) {
  const symbols = [];
  for (let place = 45n; place >= 0n; place -= 5n) symbols.push(Number((BigInt(number) >> place) & 31n));
  const remainder = [0, 0]; // divided by (x - a)(x - a^2), a = 2: x^2 + 6x + 8
  for (const symbol of symbols) {
    const lead = symbol ^ remainder[0];
    remainder[0] = remainder[1] ^ times(lead, 6);
    remainder[1] = times(lead, 8);
  }
  const all = [...symbols, ...remainder].map((symbol) => ALPHABET[symbol]).join("");
  return `${all.slice(0, 4)}-${all.slice(4, 8)}-${all.slice(8)}`;
}

function times(left, right) {
  let product = 0;
  for (; right; right >>= 1) {
    if (right & 1) product ^= left;
    left = left & 16 ? (left << 1) ^ FIELD_POLYNOMIAL : left << 1;
  }
  return product;
}

// The few kinds of CBOR that a receipt has, in their shortest form only.
class Reader {
  constructor(bytes) {
    this.bytesLeft = bytes;
  }

  expect(wanted) {
    if (hex(this.take(wanted.length)) !== hex(wanted)) throw new NotAReceipt();
  }

  take(count) {
    if (count > this.bytesLeft.length) throw new NotAReceipt();
    const taken = this.bytesLeft.subarray(0, count);
    this.bytesLeft = this.bytesLeft.subarray(count);
    return taken;
  }

  end() {
    if (this.bytesLeft.length) throw new NotAReceipt();
  }

  bytes() {
    const [major, count] = this.head();
    if (major !== 2) throw new NotAReceipt();
    return this.take(count);
  }

  head() {
    const first = this.take(1)[0];
    const info = first & 31;
    if (info < 24) return [first >> 5, info];
    if (info > 27) throw new NotAReceipt();
    const size = 1 << (info - 24);
    const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    const least = size === 1 ? 24 : 2 ** (4 * size);
    if (value < least || !Number.isSafeInteger(value)) throw new NotAReceipt();
    return [first >> 5, value];
  }

  item() {
    if (this.bytesLeft[0] === 0xf6) {
      this.take(1);
      return null;
    }
    const [major, value] = this.head();
    if (major === 0) return value;
    if (major === 1) return -1 - value;
    if (major === 2) return this.take(value);
    if (major === 3) return text.decode(this.take(value));
    if (major === 4) return Array.from({ length: value }, () => this.item());
    if (major === 5) return new Map(Array.from({ length: value }, () => [this.item(), this.item()]));
    throw new NotAReceipt();
  }
}

const join = (...parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const cborBytes = (bytes) => join(cborHead(0x40, bytes.length), bytes);
const cborText = (words) => join(cborHead(0x60, utf8.encode(words).length), utf8.encode(words));
const cborHead = (major, count) => (count < 24 ? [major | count] : count < 256 ? [major | 24, count] : [major | 25, count >> 8, count & 255]);
