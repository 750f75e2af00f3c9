// Words and small helps for messages: what they are for, and how a file is handed over.
import type { MailFlow } from './bindings';

/** What a message can be for, in the order of a customer's life. */
export const flows: readonly [MailFlow, string][] = [
  ['onboarding', 'Welcome or confirmation'], ['reset', 'Password reset'], ['invoice', 'Invoice'], ['alert', 'Alert'], ['other', 'Other'],
];

/** The largest message that is taken, bytes. */
export const largest = 25 * 1024 * 1024;

/** Bytes in base64: mail holds bytes that are no text. */
export function packed(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

/** A time between two servers as a person reads it. */
export function gap(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 0) return `${seconds} s (their clocks differ)`;
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
