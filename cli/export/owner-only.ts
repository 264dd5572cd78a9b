/** The mode of the files of an export: they hold personal data, and other users of the machine may not read them. */
export const ownerOnly = 0o600
