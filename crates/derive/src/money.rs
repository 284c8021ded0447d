//! `money(amount, currency)`: an amount of minor units as it may be shown to people, such as `EUR 1,234.50`.
//!
//! The text is the same everywhere: the ISO 4217 code instead of a symbol, a comma between thousands, a point before the
//! minor units. A page that wants the reader's own style formats the amount itself.

use growset_model::{Function, Parameter, Text, TypeKind};
use iso_currency::Currency;
use serde_json::Value;

/// The function, as contracts name it.
pub(crate) const MONEY: Function = Function {
    name: "money",
    parameters: &[
        Parameter { name: "amount", expects: "an integer of minor units", accepts: is_integer },
        Parameter { name: "currency", expects: "a string or enum of ISO 4217 codes", accepts: is_text },
    ],
    returns: Parameter {
        name: "display text",
        expects: "a string without a pattern and of any length",
        accepts: holds,
    },
    compute,
};

/// `JPY 0` is the shortest answer, a CLF amount at the end of the 64-bit range the longest.
const SHORTEST: u64 = 5;
const LONGEST: u64 = 32;

fn is_integer(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Integer(_))
}

fn is_text(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Text(_) | TypeKind::Enum(_))
}

/// Whether every answer fits the type. A pattern might refuse some, and which ones nobody can tell from the contract.
fn holds(kind: &TypeKind) -> bool {
    let TypeKind::Text(Text { min_length, max_length, pattern }) = kind else {
        return false;
    };
    pattern.is_none()
        && min_length.is_none_or(|least| least <= SHORTEST)
        && max_length.is_none_or(|most| most >= LONGEST)
}

/// Nothing for a currency that ISO 4217 does not know, or that has no minor units (gold, the testing code).
fn compute(inputs: &[&Value]) -> Option<Value> {
    let [amount, currency] = inputs else {
        return None;
    };
    let amount = integer(amount)?;
    let currency = Currency::from_code(currency.as_str()?)?;
    let minor_digits = usize::from(currency.exponent()?);
    Some(Value::String(format!("{} {}", currency.code(), decimal(amount, minor_digits))))
}

fn integer(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

/// `-1,234.50` for -123450 and two minor digits.
fn decimal(amount: i128, minor_digits: usize) -> String {
    let digits = format!("{:0>width$}", amount.unsigned_abs(), width = minor_digits + 1);
    let (major, minor) = digits.split_at(digits.len() - minor_digits);
    let mut text = String::from(if amount < 0 { "-" } else { "" });
    for (index, digit) in major.chars().enumerate() {
        if index > 0 && (major.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !minor.is_empty() {
        text.push('.');
        text.push_str(minor);
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn money(amount: Value, currency: Value) -> Option<String> {
        compute(&[&amount, &currency]).and_then(|text| text.as_str().map(str::to_owned))
    }

    #[test]
    fn minor_units_follow_the_currency() {
        assert_eq!(money(json!(123_450), json!("EUR")).as_deref(), Some("EUR 1,234.50"));
        assert_eq!(money(json!(123_450), json!("JPY")).as_deref(), Some("JPY 123,450"));
        assert_eq!(money(json!(1_234_567), json!("KWD")).as_deref(), Some("KWD 1,234.567"));
        assert_eq!(money(json!(12_345), json!("CLF")).as_deref(), Some("CLF 1.2345"));
    }

    #[test]
    fn small_and_negative_amounts_keep_their_zeros_and_sign() {
        assert_eq!(money(json!(0), json!("EUR")).as_deref(), Some("EUR 0.00"));
        assert_eq!(money(json!(5), json!("EUR")).as_deref(), Some("EUR 0.05"));
        assert_eq!(money(json!(-5), json!("EUR")).as_deref(), Some("EUR -0.05"));
        assert_eq!(money(json!(0), json!("JPY")).as_deref(), Some("JPY 0"));
    }

    #[test]
    fn the_whole_range_of_integers_is_shown_and_fits_the_promise() {
        let least = money(json!(i64::MIN), json!("CLF")).expect("is money");
        assert_eq!(least, "CLF -922,337,203,685,477.5808");
        let greatest = money(json!(u64::MAX), json!("JPY")).expect("is money");
        assert_eq!(greatest, "JPY 18,446,744,073,709,551,615");
        assert!(least.len() as u64 <= LONGEST && greatest.len() as u64 <= LONGEST);
    }

    #[test]
    fn what_is_no_money_has_no_answer() {
        for currency in [json!("ABC"), json!("eur"), json!(""), json!("XXX"), json!("XAU"), json!(978), json!(null)] {
            assert_eq!(money(json!(1), currency.clone()), None, "{currency}");
        }
        for amount in [json!(1.5), json!("1"), json!(null), json!([1])] {
            assert_eq!(money(amount.clone(), json!("EUR")), None, "{amount}");
        }
        assert_eq!(compute(&[]), None);
    }

    #[test]
    fn a_text_that_could_refuse_an_answer_is_no_return_type() {
        let text = |min_length, max_length| TypeKind::Text(Text { min_length, max_length, pattern: None });
        assert!(holds(&text(None, None)) && holds(&text(Some(1), Some(100))));
        assert!(!holds(&text(Some(6), None)) && !holds(&text(None, Some(31))) && !holds(&TypeKind::Boolean));
    }
}
