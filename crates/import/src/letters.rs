//! Letters as names have them: from a to z. Marks on them are left out; letters of other scripts stay, for whoever reads on.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `evenement` for `événement`.
pub(crate) fn without_marks(text: &str) -> String {
    text.nfd().filter(|character| !is_combining_mark(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_and_letters_stay() {
        assert_eq!(without_marks("Événement payé, Zürich"), "Evenement paye, Zurich");
        assert_eq!(without_marks("注文 straße"), "注文 straße");
    }
}
