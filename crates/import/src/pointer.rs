//! JSON Pointers (RFC 6901).

/// A pointer one step further.
pub(crate) fn join(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}

/// A pointer as it stands in a URI's fragment, without percent signs.
pub(crate) fn decoded(fragment: &str) -> String {
    let bytes = fragment.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = fragment.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                plain.push(code);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Every step, unescaped.
pub(crate) fn steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// The last step, unescaped; nothing for the whole.
pub(crate) fn last(pointer: &str) -> Option<String> {
    pointer.rsplit_once('/').map(|(_, step)| step.replace("~1", "/").replace("~0", "~"))
}
