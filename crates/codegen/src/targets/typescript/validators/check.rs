//! Boolean expressions of JavaScript, with parentheses where they are needed.

/// A boolean expression of JavaScript.
pub(super) struct Check {
    pub(super) text: String,
    /// Holds `||` or `?:` outside of parentheses.
    is_choice: bool,
}

impl Check {
    /// One without a choice.
    pub(super) fn of(text: String) -> Self {
        Self { text, is_choice: false }
    }

    /// One that chooses.
    pub(super) fn of_choice(text: String) -> Self {
        Self { text, is_choice: true }
    }

    /// Invariant: what is chosen from comes first, so that an `&&` of its own is put into parentheses.
    pub(super) fn or(self, other: Self) -> Self {
        let text = if self.text.contains(" && ") { format!("({})", self.text) } else { self.text };
        Self { text: format!("{text} || {}", other.text), is_choice: true }
    }

    /// Both.
    pub(super) fn and(self, other: Self) -> Self {
        Self::of(format!("{} && {}", self.operand(), other.operand()))
    }

    /// Both, the second on a line of its own.
    pub(super) fn and_below(self, other: Self) -> Self {
        Self::of(format!("{} &&\n  {}", self.operand(), other.operand()))
    }

    fn operand(&self) -> String {
        if self.is_choice { format!("({})", self.text) } else { self.text.clone() }
    }
}

/// The check of each member, by the name of its function where it is no more than that.
pub(super) fn function(check: &Check) -> String {
    match check.text.strip_suffix("(value)") {
        Some(name) if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => name.to_owned(),
        _ => format!("(value) => {}", check.text), // It says more.
    }
}
