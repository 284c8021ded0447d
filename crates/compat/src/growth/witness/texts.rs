//! Types of texts as sets of texts, which are compared exactly.

use growset_model::{Difference, Form, Language, TextFormat, Texts, TypeKind};

use super::search::Of;

/// The texts that a type has in its language; nothing for what is no text.
pub(super) fn texts<'w>(of: &Of<'w>) -> Option<Texts<'w>> {
    let any = Texts { form: Form::Any, lengths: 0..=u64::MAX };
    match &of.core()?.kind {
        TypeKind::Text(text) => Some(Texts::of_text(text)),
        TypeKind::Format(format) => Some(Texts { form: Form::Found(format.as_pattern()?), ..any }),
        // To a reader, an open enum is any string.
        TypeKind::Enum(choice) if choice.closed || of.language != Language::Reader => {
            Some(Texts { form: Form::Listed(choice.values.iter().map(|value| value.value.as_str()).collect()), ..any })
        }
        TypeKind::Enum(_) => Some(any),
        TypeKind::Boolean
        | TypeKind::Integer(_)
        | TypeKind::Number(_)
        | TypeKind::Json
        | TypeKind::List(_)
        | TypeKind::Map(_)
        | TypeKind::Nullable(_)
        | TypeKind::Named(_)
        | TypeKind::Record(_)
        | TypeKind::Union(_)
        | TypeKind::Opaque(_) => None,
    }
}

/// The shortest text that one type has and the other lacks; nothing when one of them is no text.
pub(super) fn difference(producer: &Of, consumer: &Of) -> Option<Difference> {
    let (sent, taken) = (texts(producer)?, texts(consumer)?);
    let found = sent.without(&taken);
    let is_certain = match &found {
        Difference::Text(text) => format_of(producer).is_none_or(|format| format.accepts(text)),
        Difference::None => accepts_all(consumer, producer, &sent),
        Difference::Undecided => true,
    };
    Some(if is_certain { found } else { Difference::Undecided })
}

fn format_of(of: &Of) -> Option<TextFormat> {
    match of.core()?.kind {
        TypeKind::Format(format) => Some(format),
        _ => None, // Only formats ask for more than their pattern says.
    }
}

/// Whether what the taker asks for beyond its pattern holds as well: an intake looks at the calendar.
fn accepts_all(consumer: &Of, producer: &Of, sent: &Texts) -> bool {
    match (format_of(consumer), &sent.form) {
        (Some(format), Form::Listed(listed)) => listed.iter().all(|text| format.accepts(text)),
        (Some(format), _) => consumer.language != Language::Intake || format_of(producer) == Some(format),
        (None, _) => true,
    }
}
