//! JSON that means one thing: read like serde_json, but the second of two equal keys is told, not taken.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::exact::json_pointer;

/// A value, and the JSON Pointers of keys that stood in it twice.
pub struct Strict {
    /// The last one counts where a key stands twice.
    pub value: Value,
    /// In the order in which they stand.
    pub duplicates: Vec<String>,
    /// Those of them whose values differ, so that it matters which one counts.
    pub conflicts: Vec<String>,
}

/// Why a text cannot be read. Says the line and column.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Fault {
    /// JSON Pointer to the value that was being read.
    pub pointer: String,
    cause: serde_json::Error,
}

/// Values inside each other. serde_json reads one level more, and would not say where the next one stands.
const DEEPEST: usize = 126;

/// Reads one JSON text.
pub fn parse(text: &[u8]) -> Result<Strict, Fault> {
    let mut reader = Reader::default();
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = (&mut reader).deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    // The path is left as it was when something was wrong.
    let value = read.map_err(|cause| Fault { pointer: json_pointer(&reader.path), cause })?;
    let Reader { duplicates, conflicts, .. } = reader;
    Ok(Strict { value, duplicates, conflicts })
}

#[derive(Default)]
struct Reader {
    path: Vec<String>,
    duplicates: Vec<String>,
    conflicts: Vec<String>,
}

impl Reader {
    fn enter<E: serde::de::Error>(&self) -> Result<(), E> {
        let is_too_deep = self.path.len() >= DEEPEST;
        if is_too_deep { Err(E::custom(format!("values are nested deeper than {DEEPEST} levels"))) } else { Ok(()) }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Reader {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut list = Vec::new();
        loop {
            self.path.push(list.len().to_string());
            let item = items.next_element_seed(&mut *self)?;
            self.path.pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.enter()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            self.path.push(key.clone());
            let pointer = object.contains_key(&key).then(|| json_pointer(&self.path));
            self.duplicates.extend(pointer.clone());
            let member = members.next_value_seed(&mut *self)?;
            self.conflicts.extend(pointer.filter(|_| object.get(&key) != Some(&member)));
            self.path.pop();
            object.insert(key, member);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_are_told_with_their_place() {
        let strict = parse(br#"{"a":[{"b/c":1,"b/c":2}],"a":3,"d":[4],"d":[4]}"#).expect("is JSON");
        assert_eq!(strict.duplicates, ["/a/0/b~1c", "/a", "/d"]);
        assert_eq!(strict.conflicts, ["/a/0/b~1c", "/a"]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let pointer = |text: &str| parse(text.as_bytes()).err().map(|fault| fault.pointer);
        assert_eq!(pointer(r#"{"a":{"b":[1,x]}}"#).as_deref(), Some("/a/b/1"));
        let nested = |levels: usize| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        assert_eq!(pointer(&nested(DEEPEST)), None);
        for levels in [DEEPEST + 1, DEEPEST + 2, 100_000] {
            assert_eq!(pointer(&nested(levels)), Some("/a".repeat(DEEPEST)));
        }
    }

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,3.5,1e300,null,true,"x\u2028",18446744073709551615],"b":{}}"#;
        let read: Value = serde_json::from_str(text).expect("is JSON");
        assert_eq!(parse(text.as_bytes()).expect("is JSON").value, read);
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "{}x", "NaN", "1e999", "\u{feff}{}", "{'a':1}", &deep] {
            assert!(parse(text.as_bytes()).is_err(), "{:.20}", text);
        }
    }
}
