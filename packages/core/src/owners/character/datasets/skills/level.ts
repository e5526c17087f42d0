const numerals = ["0", "I", "II", "III", "IV", "V"];

/** A level as the game writes it: 5 is V. */
export const levelOf = (level: unknown): string => numerals[Number(level)] ?? String(level);
