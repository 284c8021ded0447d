/**
 * A value or case that this package does not know, because the server is newer. At run time it is any other string:
 * keep a `default` for it. In a `Record` over an open enum it is the key `_`.
 */
declare enum unlisted {
  _ = "_",
}

