/**
 * Escapes a text for a cell of a workbook: a text such as `_x0041_` stands for a character there, so its first underscore is
 * written in this form itself.
 */
export function escapeWorkbookText(text: string): string {
  return text.replace(/_(?=x[\da-f]{4}_)/gi, '_x005F_')
}
