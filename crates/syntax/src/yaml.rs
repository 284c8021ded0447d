//! The one module that knows the YAML parser: its events become a tree with places, and everything that would let one
//! place of a file act on another (anchors, aliases, merge keys, tags, directives, further documents) is refused.

mod conflict;

mod line;

mod refusal;

mod slip;

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle};
use growset_model::{Diagnostic, FileId, Place};

use crate::tree::{Entry, Key, Layout, List, Mapping, Node, NodeKind, Scalar, Style};
use crate::yaml::slip::Slip;

/// Collections inside collections.
const DEEPEST: usize = 64;

/// What a text came to.
#[derive(Debug)]
pub(crate) struct Document {
    /// Nothing when the text is empty or its syntax is broken.
    pub(crate) root: Option<Node>,
    /// The text could be read to its end.
    pub(crate) whole: bool,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// What stands for a file that is not parsed.
    pub(crate) fn unread() -> Self {
        Self { root: None, whole: false, diagnostics: Vec::new() }
    }
}

/// Parses one text. The tree of a text with a syntax error is dropped: half a contract would only raise false alarms.
pub(crate) fn parse(file: FileId, text: &str) -> Document {
    let conflicts = conflict::conflicts(file, text);
    if !conflicts.is_empty() {
        return Document { diagnostics: conflicts, ..Document::unread() };
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder {
        file,
        text,
        offset: text.len() - body.len(),
        open: Vec::new(),
        root: None,
        documents: 0,
        diagnostics: Vec::new(),
    };
    let whole = builder.run(body);
    let root = if whole { builder.root } else { None };
    Document { root, whole, diagnostics: builder.diagnostics }
}

struct Builder<'t> {
    file: FileId,
    text: &'t str,
    /// Bytes before what the parser is given: those of a byte order mark.
    offset: usize,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    diagnostics: Vec<Diagnostic>,
}

/// A collection whose end has not been seen.
enum Open {
    List { start: usize, items: Vec<Node>, layout: Layout },
    Mapping { start: usize, entries: Vec<Entry>, key: PendingKey, layout: Layout },
}

impl Open {
    /// Where its bracket or brace stands, if it has one.
    fn bracket(&self) -> Option<usize> {
        match self {
            Self::List { start, layout: Layout::Flow, .. } | Self::Mapping { start, layout: Layout::Flow, .. } => {
                Some(*start)
            }
            Self::List { .. } | Self::Mapping { .. } => None,
        }
    }
}

/// What stands before the value that comes next in a mapping.
enum PendingKey {
    /// Nothing: a key comes next.
    Awaited,
    Known(Key),
    /// A key that was refused; its value goes the same way.
    Refused {
        problems: usize,
    },
}

impl Builder<'_> {
    /// Feeds every event; answers whether the text was one whole document.
    fn run(&mut self, body: &str) -> bool {
        for event in Parser::new_from_str_with_options(body, options()) {
            let (event, span) = match event {
                Ok(pair) => pair,
                Err(error) => {
                    self.syntax_error(&error);
                    return false;
                }
            };
            if !self.take(event, span) {
                return false;
            }
        }
        true
    }

    /// Takes one event; answers whether reading may go on.
    fn take(&mut self, event: Event<'_>, span: Span) -> bool {
        let range = self.range(span);
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let place = self.place(range);
                    self.diagnostics.push(refusal::second_document(place));
                    return false;
                }
            }
            Event::Scalar(text, style, _, tag) => {
                if tag.is_some() {
                    self.refuse_tag(span, &range);
                }
                // The parser writes `~` where nothing stands.
                let text = if range.is_empty() { "".into() } else { text.into() };
                let scalar = Scalar { text, style: style_of(style) };
                self.add(Node { place: self.place(range), kind: NodeKind::Scalar(scalar) });
            }
            Event::SequenceStart(style, _, tag) => {
                if tag.is_some() {
                    self.refuse_tag(span, &range);
                }
                self.open.push(Open::List { start: range.start, items: Vec::new(), layout: layout_of(style) });
                return self.is_shallow(range);
            }
            Event::MappingStart(style, _, tag) => {
                if tag.is_some() {
                    self.refuse_tag(span, &range);
                }
                let (entries, key) = (Vec::new(), PendingKey::Awaited);
                self.open.push(Open::Mapping { start: range.start, entries, key, layout: layout_of(style) });
                return self.is_shallow(range);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                let place = self.place(range);
                self.diagnostics.push(refusal::alias(place));
                self.add(Node { place, kind: NodeKind::Refused });
            }
            Event::Anchor(..) => {
                let place = self.place(range);
                self.diagnostics.push(refusal::anchor(place));
            }
            // The stream's and the document's end, comments, and whatever else carries no value.
            _ => {}
        }
        true
    }

    fn is_shallow(&mut self, range: Range<usize>) -> bool {
        if self.open.len() <= DEEPEST {
            return true;
        }
        let place = self.place(range);
        self.diagnostics.push(refusal::too_deep(place));
        false
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, node: Node) {
        let problems = self.diagnostics.len();
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, key, .. }) => match std::mem::replace(key, PendingKey::Awaited) {
                PendingKey::Awaited => match key_of(node) {
                    Ok(found) if &*found.text == "<<" && found.style == Style::Plain => {
                        *key = PendingKey::Refused { problems: problems + 1 };
                        self.diagnostics.push(refusal::merge_key(found.place));
                    }
                    Ok(found) => *key = PendingKey::Known(found),
                    Err(place) => {
                        *key = PendingKey::Refused { problems: problems + 1 };
                        self.diagnostics.push(refusal::complex_key(place));
                    }
                },
                PendingKey::Known(key) => entries.push(Entry { key, value: node }),
                // What is wrong inside the value of a refused key would be said twice.
                PendingKey::Refused { problems } => self.diagnostics.truncate(problems),
            },
        }
    }

    fn close(&mut self, end: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        let node = match open {
            Open::List { start, items, layout } => {
                let last = items.last().map(|item| item.place.range().end);
                let place = self.place(start..end_of(layout, last, &end, start));
                Node { place, kind: NodeKind::List(List { items, layout }) }
            }
            Open::Mapping { start, mut entries, layout, .. } => {
                let last = entries.last().map(|entry| entry.value.place.range().end.max(entry.key.place.range().end));
                let place = self.place(start..end_of(layout, last, &end, start));
                refuse_duplicates(&mut entries, &mut self.diagnostics);
                // The trees of all files are there at one time, and what they have to spare adds up.
                entries.shrink_to_fit();
                Node { place, kind: NodeKind::Mapping(Mapping { entries, layout }) }
            }
        };
        self.add(node);
    }

    fn refuse_tag(&mut self, span: Span, range: &Range<usize>) {
        let tag = span.tag_span().map_or_else(|| range.clone(), |tag| self.range(tag));
        let place = self.place(tag);
        self.diagnostics.push(refusal::tag(place));
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let start = self.boundary(error.marker().byte_offset().unwrap_or(0) + self.offset);
        let marked = self.text.get(start..).and_then(|rest| rest.chars().next()).filter(|found| *found != '\n');
        let place = self.place(start..start + marked.map_or(0, char::len_utf8));
        let open = self.open.last().and_then(Open::bracket);
        let slip = Slip { file: self.file, text: self.text, offset: start, open };
        self.diagnostics.push(refusal::syntax(error, slip, place));
    }

    /// The bytes of a span in the whole text, always on character boundaries and never past the end.
    fn range(&self, span: Span) -> Range<usize> {
        let found = span.byte_range().unwrap_or(0..0);
        let start = self.boundary(found.start + self.offset);
        let end = self.boundary(found.end + self.offset).max(start);
        start..end
    }

    fn boundary(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }

    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.file, range)
    }
}

fn options() -> Options {
    let mut options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: DEEPEST + 1,
        block_nesting_limit: DEEPEST + 1,
    };
    options.set_emit_comments(false);
    options
}

/// A block collection's own end lies past the blank lines and comments after it; its last part's end is what people see.
fn end_of(layout: Layout, last: Option<usize>, end: &Range<usize>, start: usize) -> usize {
    match layout {
        Layout::Flow => end.end,
        Layout::Block => last.unwrap_or(start),
    }
    .max(start)
}

fn key_of(node: Node) -> Result<Key, Place> {
    match node.kind {
        NodeKind::Scalar(scalar) => Ok(Key { text: scalar.text, style: scalar.style, place: node.place }),
        NodeKind::List(_) | NodeKind::Mapping(_) | NodeKind::Refused => Err(node.place),
    }
}

/// Keeps the first of several entries with one key.
fn refuse_duplicates(entries: &mut Vec<Entry>, diagnostics: &mut Vec<Diagnostic>) {
    let mut firsts: BTreeMap<&str, Place> = BTreeMap::new();
    let mut repeated = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match firsts.get(&*entry.key.text) {
            Some(&first) => {
                repeated.push(index);
                diagnostics.push(refusal::duplicate_key(&entry.key, first));
            }
            None => {
                firsts.insert(&entry.key.text, entry.key.place);
            }
        }
    }
    let mut index = 0;
    entries.retain(|_| {
        let keep = repeated.binary_search(&index).is_err();
        index += 1;
        keep
    });
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn layout_of(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Block => Layout::Block,
        StructureStyle::Flow => Layout::Flow,
    }
}
