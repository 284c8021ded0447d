//! Whether every value of one type is one of another, decided by their shapes.
//!
//! Answers true only where it is certain: what is kept has to be proven as well as what is broken. Recursive types are
//! compared by pairs, and a pair under way holds (the greatest fixpoint): a value that shows otherwise is finite, so
//! that it shows so at some pair that was not assumed.

use std::collections::BTreeSet;

use growset_model::{Bounds, Difference, Field, Language, List, Type, TypeKind, Union};

use super::candidates::Variant;
use super::search::Of;
use super::texts;
use crate::few::{count_of_values, is_empty};
use crate::growth::diff::opaque::same_meaning;

/// Deeper types are not looked into.
const DEEPEST: usize = 64;

/// Whether the consumer takes whatever the producer sends.
pub(super) fn is_contained(producer: &Of, consumer: &Of) -> bool {
    Containment { producer, consumer, assumed: BTreeSet::new(), depth: 0 }.holds(producer.ty, consumer.ty)
}

struct Containment<'s, 'w> {
    producer: &'s Of<'w>,
    consumer: &'s Of<'w>,
    /// Pairs of types under way or done. One that fails fails the whole.
    assumed: BTreeSet<(usize, usize)>,
    depth: usize,
}

impl<'w> Containment<'_, 'w> {
    fn holds(&mut self, sent: &'w Type, taken: &'w Type) -> bool {
        let (sender, taker) = (self.producer.world, self.consumer.world);
        let (Some(sent_core), Some(taken_core)) = (sender.core(sent), taker.core(taken)) else {
            return false;
        };
        if matches!(taken_core.kind, TypeKind::Json) {
            return true;
        }
        if sender.takes_null(sent) && !taker.takes_null(taken) {
            return false;
        }
        if !self.assumed.insert((address(sent_core), address(taken_core))) {
            return true;
        }
        if self.depth == DEEPEST {
            return false;
        }
        self.depth += 1;
        let holds = is_empty(&sender.catalog, sent) || self.kinds(sent_core, taken_core);
        self.depth -= 1;
        holds
    }

    fn kinds(&mut self, sent: &'w Type, taken: &'w Type) -> bool {
        let (one, two) = (Of { ty: sent, ..*self.producer }, Of { ty: taken, ..*self.consumer });
        if let Some(difference) = texts::difference(&one, &two) {
            return difference == Difference::None;
        }
        match (&sent.kind, &taken.kind) {
            (TypeKind::Boolean, TypeKind::Boolean) => true,
            (TypeKind::Integer(sent), TypeKind::Integer(taken)) => {
                taken.least() <= sent.least() && sent.greatest() <= taken.greatest()
            }
            (TypeKind::Integer(sent), TypeKind::Number(taken)) => {
                is_within((sent.least() as f64, sent.greatest() as f64), taken)
            }
            (TypeKind::Number(sent), TypeKind::Number(taken)) => {
                is_within((sent.min.unwrap_or(f64::MIN), sent.max.unwrap_or(f64::MAX)), taken)
            }
            (TypeKind::List(sent), TypeKind::List(taken)) => self.lists(sent, taken),
            (TypeKind::Map(sent), TypeKind::Map(taken)) => self.holds(sent, taken),
            (TypeKind::Map(sent), TypeKind::Record(taken)) => {
                // Any key may be there or not, and every one of an open object has a say only where it is known.
                self.consumer.language == Language::Reader
                    && taken.fields.iter().all(|field| !field.is_required() && self.holds(sent, &field.ty))
            }
            (TypeKind::Opaque(sent), TypeKind::Opaque(taken)) => same_meaning(sent, taken),
            (sent @ (TypeKind::Record(_) | TypeKind::Union(_)), taken) => {
                Variant::all_of(sent).into_iter().all(|variant| self.variant(variant, taken))
            }
            _ => false, // Two kinds of JSON values, or too much to prove.
        }
    }

    fn lists(&mut self, sent: &'w List, taken: &'w List) -> bool {
        let different = sent.unique.then(|| count_of_values(&self.producer.world.catalog, &sent.items)).flatten();
        let most = sent.max_items.unwrap_or(u64::MAX).min(different.unwrap_or(u64::MAX));
        let most = if is_empty(&self.producer.world.catalog, &sent.items) { 0 } else { most };
        taken.min_items.unwrap_or(0) <= sent.min_items.unwrap_or(0)
            && most <= taken.max_items.unwrap_or(u64::MAX)
            && (sent.unique || !taken.unique || most <= 1)
            && (most == 0 || self.holds(&sent.items, &taken.items))
    }

    fn variant(&mut self, sent: Variant<'w>, taken: &'w TypeKind) -> bool {
        match taken {
            TypeKind::Map(values) => {
                let is_fine = sent.tag.is_none_or(|(_, value)| self.takes_text(values, value));
                is_fine && sent.fields(self.producer.language).all(|field| self.holds(&field.ty, values))
            }
            TypeKind::Record(_) => Variant::all_of(taken).into_iter().all(|taken| self.objects(sent, taken)),
            TypeKind::Union(union) => self.union_takes(sent, union, taken),
            _ => false, // No object.
        }
    }

    /// Whether an object is one of a union's cases. Only a tag of the same name is followed.
    fn union_takes(&mut self, sent: Variant<'w>, union: &Union, taken: &'w TypeKind) -> bool {
        let Some((tag, value)) = sent.tag else { return false };
        if union.tag.as_str() != tag {
            return false;
        }
        match Variant::all_of(taken).into_iter().find(|variant| variant.tag == Some((tag, value))) {
            Some(case) => self.objects(sent, case),
            None => self.consumer.language == Language::Reader && !union.closed,
        }
    }

    fn objects(&mut self, sent: Variant<'w>, taken: Variant<'w>) -> bool {
        let language = self.producer.language;
        let is_closed = self.consumer.language != Language::Reader;
        let of_tag = |name: &str| sent.tag.filter(|(tag, _)| *tag == name).map(|(_, value)| value);
        let knows = |name: &str| taken.fields(self.consumer.language).any(|field| field.name.as_str() == name);
        let is_sent = |field: &Field| {
            let always = sent.record.field(field.name.as_str()).is_some_and(Field::is_required);
            always || of_tag(field.name.as_str()).is_some()
        };
        if !taken.record.fields.iter().all(|field| !field.is_required() || is_sent(field)) {
            return false;
        }
        if let Some((tag, value)) = sent.tag
            && taken.tag != sent.tag
        {
            let fits = match taken.record.field(tag) {
                Some(field) => self.takes_text(&field.ty, value),
                None => !is_closed,
            };
            if !fits {
                return false;
            }
        }
        sent.fields(language).all(|field| match taken.record.field(field.name.as_str()) {
            Some(known) if knows(field.name.as_str()) => self.holds(&field.ty, &known.ty),
            _ => !is_closed || is_empty(&self.producer.world.catalog, &field.ty), // Unknown there.
        })
    }

    fn takes_text(&self, taken: &'w Type, value: &str) -> bool {
        let of = Of { ty: taken, ..*self.consumer };
        let is_any = of.core().is_some_and(|core| matches!(core.kind, TypeKind::Json));
        is_any || texts::texts(&of).is_some_and(|texts| texts.has(value))
    }
}

fn is_within((least, most): (f64, f64), taken: &Bounds<f64>) -> bool {
    taken.min.is_none_or(|min| min <= least) && taken.max.is_none_or(|max| most <= max)
}

fn address(ty: &Type) -> usize {
    std::ptr::from_ref(ty).addr()
}
