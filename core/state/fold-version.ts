/**
 * The version of the rules in this folder. Raise it in every release whose rules fold the same events into another state:
 * projections of another version are then folded again (docs/decisions/0026).
 */
export const foldVersion = 1

/** The version of a projection that is marked for a rebuild, and of those stored before there were versions. */
export const unknownFoldVersion = 0
