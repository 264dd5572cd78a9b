/** An option of curl with its value; an empty name stands for what is no option: the URL. */
export interface CurlOption {
  readonly name: string
  readonly value: string
}

/** The options with a value that have a meaning here, by their short letter. */
const namesByLetter: Readonly<Record<string, string>> = {
  ...{ X: 'request', H: 'header', d: 'data', F: 'form', G: 'get', I: 'head' },
}
const lettersWithoutMeaning = 'AbcCDeEhKmoPQrtTuUwxyYz'
const lettersWithValue = new Set(`XHdF${lettersWithoutMeaning}`)

/** The long options that have a value. What is not listed has none. */
const longWithValue = new Set(
  `request header data data-ascii data-raw data-binary data-urlencode json form form-string url url-query
  user-agent cookie cookie-jar continue-at dump-header referer cert cert-type key key-type pass config max-time output output-dir
  ftp-port quote range telnet-option upload-file user proxy-user write-out proxy speed-limit speed-time time-cond connect-timeout
  connect-to resolve interface local-port cacert capath ciphers tls13-ciphers tls-max curves dns-servers doh-url limit-rate
  max-filesize max-redirs noproxy preproxy socks4 socks4a socks5 socks5-hostname unix-socket abstract-unix-socket retry retry-delay
  retry-max-time rate stderr trace trace-ascii trace-config proto proto-default proto-redir pinnedpubkey oauth2-bearer aws-sigv4
  expect100-timeout keepalive-time happy-eyeballs-timeout-ms variable netrc-file engine proxy-header crlfile service-name
  parallel-max etag-compare etag-save create-file-mode request-target alt-svc hsts ip-tos vlan-priority`.split(/\s+/),
)

/** Lists the options of curl with their values, in order. Single letters may be combined, as in `-sSXPOST`. */
export function listCurlOptions(words: readonly string[]): CurlOption[] {
  const options: CurlOption[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--next' || word === '-:') return options
    if (word.startsWith('--') && word.length > 2) {
      const name = word.slice(2)
      options.push({ name, value: longWithValue.has(name) ? (words[++index] ?? '') : '' })
    } else if (/^-./.test(word) && word !== '--') {
      const { found, isValueNext } = readLetters(word.slice(1))
      const value = isValueNext ? (words[++index] ?? '') : undefined
      options.push(
        ...found.map((option, at) => (at === found.length - 1 && value !== undefined ? { ...option, value } : option)),
      )
    } else if (word !== '--') options.push({ name: '', value: word })
  }
  return options
}

function readLetters(letters: string): { readonly found: CurlOption[]; readonly isValueNext: boolean } {
  const found: CurlOption[] = []
  for (const [index, letter] of [...letters].entries()) {
    const name = namesByLetter[letter] ?? `-${letter}`
    if (!lettersWithValue.has(letter)) found.push({ name, value: '' })
    else {
      const value = letters.slice(index + 1)
      return { found: [...found, { name, value }], isValueNext: value === '' }
    }
  }
  return { found, isValueNext: false }
}
