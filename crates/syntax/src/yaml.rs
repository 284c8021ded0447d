//! The one module that knows the YAML parser: its events become a tree with places, and everything that would let one
//! place of a file act on another (anchors, aliases, merge keys, tags, directives, further documents) is refused.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span, StructureStyle};
use growset_model::{Diagnostic, Edit, FileId, Place};

use crate::rules;
use crate::scalar;
use crate::tree::{Entry, Key, Layout, List, Mapping, Node, NodeKind, Scalar, Style};

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
                    self.refuse_document(range);
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
            Event::Alias(_) | Event::UnresolvedAlias(_) => self.refuse_alias(range),
            Event::Anchor(..) => self.refuse_anchor(range),
            // The stream's and the document's end, comments, and whatever else carries no value.
            _ => {}
        }
        true
    }

    fn is_shallow(&mut self, range: Range<usize>) -> bool {
        if self.open.len() <= DEEPEST {
            return true;
        }
        self.too_deep(range);
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
                        self.diagnostics.push(merge_key(found.place));
                    }
                    Ok(found) => *key = PendingKey::Known(found),
                    Err(place) => {
                        *key = PendingKey::Refused { problems: problems + 1 };
                        self.diagnostics.push(complex_key(place));
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
                Node { place, kind: NodeKind::Mapping(Mapping { entries }) }
            }
        };
        self.add(node);
    }

    fn refuse_alias(&mut self, range: Range<usize>) {
        let place = self.place(range);
        self.diagnostics.push(
            Diagnostic::new(&rules::ALIAS_OR_TAG, place, "an alias is refused; write the value out where it is needed")
                .label("this alias")
                .help("what several contracts share belongs in a `*.types.yaml` file under a name"),
        );
        self.add(Node { place, kind: NodeKind::Refused });
    }

    fn refuse_anchor(&mut self, range: Range<usize>) {
        let place = self.place(range);
        self.diagnostics.push(
            Diagnostic::new(
                &rules::ALIAS_OR_TAG,
                place,
                "an anchor is refused; remove it, and write out what refers to it",
            )
            .label("this anchor"),
        );
    }

    fn refuse_tag(&mut self, span: Span, range: &Range<usize>) {
        let tag = span.tag_span().map_or_else(|| range.clone(), |tag| self.range(tag));
        let place = self.place(tag);
        self.diagnostics.push(
            Diagnostic::new(
                &rules::ALIAS_OR_TAG,
                place,
                "a tag is refused; remove it, and quote the value to make it a string",
            )
            .label("this tag"),
        );
    }

    fn refuse_document(&mut self, range: Range<usize>) {
        let place = self.place(range);
        self.diagnostics.push(
            Diagnostic::new(
                &rules::YAML_SYNTAX,
                place,
                "a file holds one document; move the second one to its own file",
            )
            .label("a second document starts here"),
        );
    }

    fn too_deep(&mut self, range: Range<usize>) {
        let place = self.place(range);
        self.diagnostics.push(
            Diagnostic::new(
                &rules::NESTING_TOO_DEEP,
                place,
                format!(
                    "values are nested deeper than {DEEPEST} levels; give an inner part a name in a `*.types.yaml` file"
                ),
            )
            .label(format!("level {} starts here", DEEPEST + 1)),
        );
    }

    fn syntax_error(&mut self, error: &ScanError) {
        let start = self.boundary(error.marker().byte_offset().unwrap_or(0) + self.offset);
        let width = self.text.get(start..).and_then(|rest| rest.chars().next()).filter(|found| *found != '\n');
        let range = start..start + width.map_or(0, char::len_utf8);
        let place = self.place(range.clone());
        match error.kind() {
            ErrorKind::RecursionLimitExceeded => self.too_deep(range),
            ErrorKind::MappingValueNotAllowed => {
                let diagnostic = Diagnostic::new(
                    &rules::YAML_SYNTAX,
                    place,
                    "a second `: ` on this line starts no value; quote a text that contains `: `",
                );
                let diagnostic = diagnostic.label("unexpected `:`");
                let edits = quoted_rest_of_line(self.file, self.text, start);
                self.diagnostics.push(match edits {
                    Some(edits) => diagnostic.likely_fix("quote the text", edits),
                    None => diagnostic,
                });
            }
            ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
                let message = "a tab cannot indent YAML; use spaces";
                self.diagnostics.push(Diagnostic::new(&rules::YAML_SYNTAX, place, message).label("a tab"));
            }
            ErrorKind::DirectiveDisallowed => {
                let message = "a `%` directive is refused; remove the line";
                self.diagnostics.push(Diagnostic::new(&rules::YAML_SYNTAX, place, message).label("this directive"));
            }
            // The parser's own words are good enough for the many other ways to break YAML.
            _ => {
                let message = format!("the file is not YAML: {}", error.info());
                self.diagnostics.push(Diagnostic::new(&rules::YAML_SYNTAX, place, message).label("reading stops here"));
            }
        }
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

fn merge_key(place: Place) -> Diagnostic {
    Diagnostic::new(&rules::ALIAS_OR_TAG, place, "a merge key is refused; write the entries out where they are needed")
        .label("this merge key")
        .help("fields that several contracts share belong in a `*.types.yaml` file under a name")
}

fn complex_key(place: Place) -> Diagnostic {
    Diagnostic::new(&rules::WRONG_SHAPE, place, "a key is a single word or text, not a list, mapping or alias")
        .label("not a key")
}

/// Keeps the first of several entries with one key.
fn refuse_duplicates(entries: &mut Vec<Entry>, diagnostics: &mut Vec<Diagnostic>) {
    let mut firsts: BTreeMap<&str, Place> = BTreeMap::new();
    let mut repeated = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match firsts.get(&*entry.key.text) {
            Some(&first) => {
                repeated.push(index);
                let message = format!("key `{}` stands twice; keep one of them", entry.key.text);
                diagnostics.push(
                    Diagnostic::new(&rules::DUPLICATE_KEY, entry.key.place, message)
                        .label("again here")
                        .related(first, "first here"),
                );
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

/// Quotes everything after the first `: ` of the line that holds `offset`.
fn quoted_rest_of_line(file: FileId, text: &str, offset: usize) -> Option<Vec<Edit>> {
    let line_start = text.get(..offset)?.rfind('\n').map_or(0, |found| found + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let value = line.find(": ")? + 2;
    let rest = line.get(value..)?.trim();
    let plain = !rest.is_empty() && !rest.starts_with(['"', '\'', '{', '[', '|', '>', '#']) && !rest.contains(" #");
    let start = line_start + value + line.get(value..)?.find(rest)?;
    plain.then(|| vec![Edit { place: Place::new(file, start..start + rest.len()), text: scalar::quoted(rest) }])
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
