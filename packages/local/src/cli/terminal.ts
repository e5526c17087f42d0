/** Where a command is run. */
export interface Terminal {
  say: (text: string) => void;
  /** Who types, for the audit trail. */
  user: string;
}
