/** The languages of the CLI. */
export type Language = 'en' | 'zh'

/** A text in all languages. */
export type Text = Readonly<Record<Language, string>>

/**
 * Chooses the language before the command line is parsed, because errors of parsing are printed in it, too.
 *
 * @param argv without the program.
 * @param env `LC_ALL`, `LC_MESSAGES` and `LANG` are read as POSIX orders them. Without any of them, the system's own setting counts.
 */
export function chooseLanguage(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const asked = argv.flatMap((argument, index) => {
    if (argument === '--lang') return argv[index + 1] ?? []
    return argument.startsWith('--lang=') ? argument.slice('--lang='.length) : []
  })
  const locale =
    asked.at(-1) || env.LC_ALL || env.LC_MESSAGES || env.LANG || new Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(locale) ? 'zh' : 'en'
}
