/** Colours, cursor movements and titles that programs write for terminals (ECMA-48: CSI, OSC and two-letter escapes). */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const TERMINAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;

/** Text without escape sequences for terminals. */
export function plainText(text: string): string {
  return text.includes('\u001b') ? text.replace(TERMINAL, '') : text;
}
